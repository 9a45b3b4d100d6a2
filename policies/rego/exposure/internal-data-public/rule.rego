package appguard.rules.internal_data_public

import data.appguard.shared.classes

# METADATA
# scope: document
# title: Internal data stays inside
# description: >-
#   An app that anybody may open must not show or take data that is more than public.
# custom:
#   rule: internal-data-public
#   severity: block
#   remediation: >-
#     Set intent.users to employees or team, or use only queries whose columns are all public.
#   controls: [ISO27001-A.5.14, ISO27001-A.8.12, SOC2-CC6.7]
deny contains finding if {
	input.manifest.intent.users == "public"
	some query in input.touched_queries
	columns := classes.columns(query, "internal")
	count(columns) > 0
	finding := {
		"rule": "internal-data-public",
		"msg": concat("", ["Anybody could see data that is not public: ", query.name, " (", concat(", ", sort(columns)), ")."]),
		"path": "intent.users",
	}
}

deny contains finding if {
	input.manifest.intent.users == "public"
	some command in input.touched_commands
	classes.at_least(command.class, "confidential")
	finding := {
		"rule": "internal-data-public",
		"msg": sprintf("Anybody could send %s, which writes %s data.", [command.name, command.class]),
		"path": "intent.users",
	}
}
