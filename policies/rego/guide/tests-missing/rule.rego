package appguard.rules.tests_missing

# METADATA
# scope: document
# title: Examples make an app safe to change
# description: >-
#   An example says what a filled-in form sends. It runs at every submission and catches a broken
#   mapping.
# custom:
#   rule: tests-missing
#   severity: hint
#   remediation: >-
#     Add one entry under tests for each form: given these values, expect these parameters.
#   controls: []
deny contains finding if {
	input.manifest.tests == 0
	some page in input.manifest.pages
	page.type == "form"
	finding := {
		"rule": "tests-missing",
		"msg": "It has a form and no example test.",
		"path": "tests",
	}
}
