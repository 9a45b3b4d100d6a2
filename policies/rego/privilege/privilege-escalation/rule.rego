package appguard.rules.privilege_escalation

# METADATA
# scope: document
# title: Apps do not widen their own rights
# description: >-
#   Some AWS actions let a function change who may do what, read other apps' secrets, run other
#   code, or switch off the record. A wildcard includes them.
# custom:
#   rule: privilege-escalation
#   severity: block
#   remediation: >-
#     Remove the permission; reach data through a connector. Ask the platform team if something is
#     missing there.
#   controls: [ISO27001-A.8.2, SOC2-CC6.3, NIST-AC-6]
deny contains finding if {
	some index, permission in input.permissions
	finding := {
		"rule": "privilege-escalation",
		"msg": sprintf("The permission %s is refused: %s.", [permission.action, reason(permission)]),
		"path": sprintf("runtime.permissions[%d]", [index]),
	}
}

services := {
	"account", "acm-pca", "cloudformation", "cloudtrail", "codebuild", "config", "ec2", "ecs", "eks", "guardduty",
	"iam", "identitystore", "kms", "lambda", "organizations", "secretsmanager", "servicecatalog", "ssm", "sso",
	"sso-directory", "states",
}

verbs := {"delete", "put", "attach", "detach", "create", "update", "set", "add", "remove", "pass", "tag", "untag"}

subjects := {"policy", "role", "permission", "acl", "user", "objectlock", "versioning", "publicaccessblock", "grant"}

reason(permission) := "a wildcard includes actions nobody has looked at" if {
	contains(permission.operation, "*")
} else := "it can change rights, read secrets or run other code" if {
	permission.service in services
} else := "it changes who may reach the resource" if {
	some verb in verbs
	startswith(permission.operation, verb)
	some subject in subjects
	contains(permission.operation, subject)
} else := "it mints credentials" if {
	permission.service == "sts"
	not permission.operation in {"assumerole", "getcalleridentity"}
}
