package appguard.rules.export_personal

import data.appguard.shared.classes

# METADATA
# scope: document
# title: Files with personal data are refused
# description: >-
#   A table page may offer its rows as a file. Where a column tells something about a person, the
#   broker refuses every such file, whatever the page offers.
# custom:
#   rule: export-personal
#   severity: warn
#   remediation: >-
#     Set export to false on this page, or use a query without personal columns; people would only
#     meet a refusal.
#   controls: [GDPR-Art.5, ISO27001-A.8.12]
deny contains finding if {
	some page in input.manifest.pages
	page.export == true
	some query in input.touched_queries
	query.connector == page.connector
	query.name == page.operation
	columns := classes.columns(query, "personal")
	count(columns) > 0
	finding := {
		"rule": "export-personal",
		"msg": concat("", ["The page ", page.id, " offers a file that the broker will refuse, with personal data: ", concat(", ", sort(columns)), "."]),
		"path": sprintf("%s.export", [page.path]),
	}
}
