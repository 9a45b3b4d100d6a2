package appguard.rules.special_data

import data.appguard.shared.classes

# METADATA
# scope: document
# title: Special categories need a named approval
# description: >-
#   Health, religion and the like may be processed only in the cases GDPR Article 9 lists; a named
#   person answers for it.
# custom:
#   rule: special-data
#   severity: approve
#   remediation: >-
#     Drop the query if the app works without it; otherwise say in intent.purpose on which ground it
#     is needed.
#   controls: [GDPR-Art.9, ISO27001-A.5.34]
deny contains finding if {
	"special" in classes.read
	some query in input.touched_queries
	columns := {column.name | some column in query.columns; column.class == "special"}
	count(columns) > 0
	finding := {
		"rule": "special-data",
		"msg": concat("", ["It reads special data: ", query.name, " (", concat(", ", sort(columns)), ")."]),
		"path": query.path,
	}
}

deny contains finding if {
	some command in input.touched_commands
	command.class == "special"
	finding := {
		"rule": "special-data",
		"msg": sprintf("It writes special data: %s.", [command.name]),
		"path": command.path,
	}
}
