package appguard.rules.form_help_missing

# METADATA
# scope: document
# title: Forms that explain themselves
# description: >-
#   A line of help above a form saves the questions its owner would get otherwise.
# custom:
#   rule: form-help-missing
#   severity: hint
#   remediation: >-
#     Add help to the page: who sees the entry, and what happens next.
#   controls: [WCAG-3.3.2]
deny contains finding if {
	some page in input.manifest.pages
	page.type == "form"
	page.has_help == false
	finding := {
		"rule": "form-help-missing",
		"msg": sprintf("The form %s has no help.", [page.id]),
		"path": page.path,
	}
}
