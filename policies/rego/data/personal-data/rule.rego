package appguard.rules.personal_data

# METADATA
# scope: document
# title: Personal data needs a person's consent
# description: >-
#   A reviewer confirms that the app needs data about persons, and that the purpose it states covers
#   it.
# custom:
#   rule: personal-data
#   severity: approve
#   remediation: >-
#     Nothing to repair: a reviewer decides. Fewer personal columns make the decision easier.
#   controls: [GDPR-Art.6, ISO27001-A.5.34]
deny contains finding if {
	some query in {column.query | some column in input.touched_columns; column.class == "personal"}
	columns := {column.name | some column in input.touched_columns; column.query == query; column.class == "personal"}
	some path in {column.path | some column in input.touched_columns; column.query == query}
	finding := {
		"rule": "personal-data",
		"msg": concat("", ["It reads personal data: ", query, " (", concat(", ", sort(columns)), ")."]),
		"path": path,
	}
}

deny contains finding if {
	some command in input.touched_commands
	command.class == "personal"
	finding := {
		"rule": "personal-data",
		"msg": sprintf("It writes personal data: %s.", [command.name]),
		"path": command.path,
	}
}
