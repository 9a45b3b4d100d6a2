package appguard.rules.cross_account

# METADATA
# scope: document
# title: Other AWS accounts need approval
# description: >-
#   Assuming a role, or talking to AWS addresses directly, reaches accounts that this platform
#   neither owns nor records.
# custom:
#   rule: cross-account
#   severity: approve
#   remediation: >-
#     Use a connector to the other account's data, or let a reviewer confirm which account is meant
#     and why.
#   controls: [ISO27001-A.5.19, SOC2-CC6.6]
deny contains finding if {
	some index, permission in input.permissions
	permission.service == "sts"
	permission.operation == "assumerole"
	finding := {
		"rule": "cross-account",
		"msg": "It may assume a role, which can belong to another AWS account.",
		"path": sprintf("runtime.permissions[%d]", [index]),
	}
}

deny contains finding if {
	some index, egress in input.egress
	egress.kind == "aws"
	finding := {
		"rule": "cross-account",
		"msg": sprintf("%s is an AWS address; any account may stand behind it.", [egress.host]),
		"path": sprintf("runtime.egress[%d]", [index]),
	}
}
