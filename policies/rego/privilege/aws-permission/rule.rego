package appguard.rules.aws_permission

# METADATA
# scope: document
# title: AWS permissions of its own need approval
# description: >-
#   A micro app reaches data through connectors. An AWS permission beside them is a door nobody
#   watches.
# custom:
#   rule: aws-permission
#   severity: approve
#   remediation: >-
#     Remove runtime.permissions if a connector does the same; otherwise a reviewer decides.
#   controls: [ISO27001-A.8.2, NIST-AC-6]
deny contains finding if {
	some index, permission in input.permissions
	finding := {
		"rule": "aws-permission",
		"msg": sprintf("It asks for the AWS permission %s.", [permission.action]),
		"path": sprintf("runtime.permissions[%d]", [index]),
	}
}
