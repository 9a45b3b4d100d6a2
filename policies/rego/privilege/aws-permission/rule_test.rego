package appguard.cases.aws_permission

import data.appguard.shared.example

fires["each permission"] := {
	"input": example.but({"permissions": [permission, permission]}),
	"at": ["runtime.permissions[0]", "runtime.permissions[1]"],
}

silent["no permissions"] := example.quiet

permission := {"action": "s3:GetObject", "service": "s3", "operation": "getobject"}
