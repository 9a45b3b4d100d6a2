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
	some query in input.touched_queries
	columns := {column.name | some column in query.columns; column.class == "personal"}
	count(columns) > 0
	finding := {
		"rule": "personal-data",
		"msg": concat("", ["It reads personal data: ", query.name, " (", concat(", ", sort(columns)), ")."]),
		"path": query.path,
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
