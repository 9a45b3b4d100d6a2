package appguard.rules.purpose_vague

# METADATA
# scope: document
# title: A purpose one can check
# description: >-
#   A reviewer compares what the app does with the purpose it states; a few words leave nothing to
#   compare.
# custom:
#   rule: purpose-vague
#   severity: hint
#   remediation: >-
#     Say in intent.purpose who does what with it, and what happens today without it.
#   controls: [GDPR-Art.5]
deny contains finding if {
	input.manifest.intent.purpose_words < 6
	finding := {
		"rule": "purpose-vague",
		"msg": "The purpose is too short to judge.",
		"path": "intent.purpose",
	}
}
