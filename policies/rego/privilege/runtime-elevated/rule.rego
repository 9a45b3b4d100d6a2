package appguard.rules.runtime_elevated

# METADATA
# scope: document
# title: More than the usual limits needs approval
# description: >-
#   The defaults fit a form or a table. More memory, time or parallel calls cost money and widen
#   what a mistake can do.
# custom:
#   rule: runtime-elevated
#   severity: approve
#   remediation: >-
#     Lower runtime.memory_mb to 512, timeout_seconds to 30 and concurrency to 20 or less, or say
#     why not in intent.purpose.
#   controls: [SOC2-CC6.8, ISO27001-A.8.6]
deny contains finding if {
	some name, ceiling in usual
	asked := input.manifest.runtime[name]
	asked > ceiling
	finding := {
		"rule": "runtime-elevated",
		"msg": sprintf("It asks for %s of %d; %d is the usual limit.", [name, asked, ceiling]),
		"path": sprintf("runtime.%s", [name]),
	}
}

usual := {"memory_mb": 512, "timeout_seconds": 30, "concurrency": 20}
