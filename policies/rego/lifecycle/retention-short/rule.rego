package appguard.rules.retention_short

import data.appguard.shared.classes

# METADATA
# scope: document
# title: Evidence about personal data lasts three years
# description: >-
#   Who saw what about whom may be asked for years. One year of evidence is less than most
#   limitation periods.
# custom:
#   rule: retention-short
#   severity: warn
#   remediation: >-
#     Set lifecycle.retention to 3y or 7y.
#   controls: [GDPR-Art.5, SOC2-CC7.3]
deny contains finding if {
	input.manifest.lifecycle.retention == "1y"
	some class in classes.read
	classes.at_least(class, "personal")
	finding := {
		"rule": "retention-short",
		"msg": "It reads personal data and keeps its evidence for one year only.",
		"path": "lifecycle.retention",
		"set": {"path": "lifecycle.retention", "value": "3y"},
	}
}
