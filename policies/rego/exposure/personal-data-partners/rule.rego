package appguard.rules.personal_data_partners

import data.appguard.shared.classes

# METADATA
# scope: document
# title: Personal data is not for partners
# description: >-
#   People of other companies are outside our duty of care and our identity provider; what we know
#   about persons is not theirs to see.
# custom:
#   rule: personal-data-partners
#   severity: block
#   remediation: >-
#     Set intent.users to employees or team, or drop the queries with personal columns.
#   controls: [GDPR-Art.5, ISO27001-A.5.34]
deny contains finding if {
	input.manifest.intent.users == "partners"
	some query in input.touched_queries
	columns := classes.columns(query, "personal")
	count(columns) > 0
	finding := {
		"rule": "personal-data-partners",
		"msg": concat("", ["Partners could see data about persons: ", query.name, " (", concat(", ", sort(columns)), ")."]),
		"path": "intent.users",
	}
}
