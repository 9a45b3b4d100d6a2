package appguard.rules.egress_forbidden

# METADATA
# scope: document
# title: No addresses and no inner hosts
# description: >-
#   A raw address or an inner name leads to the metadata service or to systems behind the firewall,
#   past every connector.
# custom:
#   rule: egress-forbidden
#   severity: block
#   remediation: >-
#     Name the public host you need, or use a connector for what is inside.
#   controls: [ISO27001-A.8.20, SOC2-CC6.6]
deny contains finding if {
	some index, egress in input.egress
	egress.kind in {"address", "internal"}
	finding := {
		"rule": "egress-forbidden",
		"msg": sprintf("%s is not a public host name.", [egress.host]),
		"path": sprintf("runtime.egress[%d]", [index]),
	}
}
