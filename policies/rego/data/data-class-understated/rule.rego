package appguard.rules.data_class_understated

import data.appguard.shared.classes

# METADATA
# scope: document
# title: The declared class covers what is touched
# description: >-
#   Reviewers and tiers rest on what the requester declares. Declaring less than the app touches
#   hides the question.
# custom:
#   rule: data-class-understated
#   severity: block
#   remediation: >-
#     Set intent.data_class to the class named here, or drop the query or command that needs it.
#   controls: [GDPR-Art.30, ISO27001-A.5.12]
deny contains finding if {
	declared := input.manifest.intent.data_class
	highest := max({classes.rank(fact.class) | some fact in touched})
	some fact in touched
	classes.rank(fact.class) == highest
	classes.below(declared, fact.class)
	finding := {
		"rule": "data-class-understated",
		"msg": sprintf("You declared %s data, but %s of %s is %s.", [declared, fact.name, fact.connector, fact.class]),
		"path": "intent.data_class",
	}
}

touched contains fact if some fact in input.touched_columns
touched contains fact if some fact in input.touched_commands
