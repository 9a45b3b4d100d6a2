package appguard.rules.egress

# METADATA
# scope: document
# title: Sending data outside needs approval
# description: >-
#   Whatever the app can read, a host it may reach can receive. A reviewer confirms that the host is
#   the company's choice.
# custom:
#   rule: egress
#   severity: approve
#   remediation: >-
#     Remove runtime.egress if the app works without it; otherwise a reviewer decides for each host.
#   controls: [ISO27001-A.5.14, SOC2-CC6.7]
deny contains finding if {
	some index, egress in input.egress
	egress.kind in {"external", "aws"}
	finding := {
		"rule": "egress",
		"msg": sprintf("It sends requests to %s, outside the company.", [egress.host]),
		"path": sprintf("runtime.egress[%d]", [index]),
	}
}
