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
	some query in input.touched_queries
	some column in query.columns
	classes.rank(column.class) == highest
	finding := understated(declared, query, column.class)
}

deny contains finding if {
	declared := input.manifest.intent.data_class
	classes.rank(declared) < highest
	some command in input.touched_commands
	classes.rank(command.class) == highest
	finding := understated(declared, command, command.class)
}

understated(declared, touched, class) := {
	"rule": "data-class-understated",
	"msg": sprintf("You declared %s data, but %s of %s touches %s data.", [declared, touched.name, touched.connector, class]),
	"path": "intent.data_class",
	"set": {"path": "intent.data_class", "value": class},
}

# Each class is ranked once, not each column: apps touch many columns of few classes.
highest := max({classes.rank(class) | some class in touched})

touched := classes.read | {command.class | some command in input.touched_commands}
