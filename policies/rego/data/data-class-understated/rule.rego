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
	classes.rank(declared) < highest
	some fact in touched
	classes.rank(fact.class) == highest
	finding := {
		"rule": "data-class-understated",
		"msg": sprintf("You declared %s data, but %s of %s touches %s data.", [declared, fact.name, fact.connector, fact.class]),
		"path": "intent.data_class",
	}
}

highest := max({classes.rank(class) | some class in touched_classes})

touched_classes := queried | {command.class | some command in input.touched_commands}

queried := {column.class | some query in input.touched_queries; some column in query.columns}

touched contains fact if {
	some query in input.touched_queries
	some column in query.columns
	fact := {"name": query.name, "connector": query.connector, "class": column.class}
}

touched contains fact if {
	some command in input.touched_commands
	fact := {"name": command.name, "connector": command.connector, "class": command.class}
}
