package appguard.rules.retirement_late

# METADATA
# scope: document
# title: A long life needs approval
# description: >-
#   Small apps outlive their purpose quietly. More than a year without the question whether it is
#   still needed is an exception.
# custom:
#   rule: retirement-late
#   severity: approve
#   remediation: >-
#     Set lifecycle.retire_after_months to 12 or less; re-certifying it then takes one click.
#   controls: [ISO27001-A.5.9]
deny contains finding if {
	months := input.manifest.lifecycle.retire_after_months
	months > 12
	finding := {
		"rule": "retirement-late",
		"msg": sprintf("It would live %d months before anybody is asked whether it is needed.", [months]),
		"path": "lifecycle.retire_after_months",
		"set": {"path": "lifecycle.retire_after_months", "value": 12},
	}
}
