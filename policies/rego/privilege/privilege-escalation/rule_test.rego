package appguard.cases.privilege_escalation

import data.appguard.shared.example

fires["passing a role"] := {
	"input": app("iam", "passrole"),
	"at": ["runtime.permissions[0]"],
}

fires["reading secrets"] := {
	"input": app("secretsmanager", "getsecretvalue"),
	"at": ["runtime.permissions[0]"],
}

fires["running other code"] := {
	"input": app("lambda", "invokefunction"),
	"at": ["runtime.permissions[0]"],
}

fires["everything of a service"] := {
	"input": app("s3", "*"),
	"at": ["runtime.permissions[0]"],
}

fires["a wildcard at the end"] := {
	"input": app("dynamodb", "put*"),
	"at": ["runtime.permissions[0]"],
}

fires["a wildcard in a dangerous service"] := {
	"input": app("iam", "pass*"),
	"at": ["runtime.permissions[0]"],
}

fires["a bucket's policy"] := {
	"input": app("s3", "putbucketpolicy"),
	"at": ["runtime.permissions[0]"],
}

fires["a topic's permission"] := {
	"input": app("sns", "addpermission"),
	"at": ["runtime.permissions[0]"],
}

fires["switching versions off"] := {
	"input": app("s3", "putbucketversioning"),
	"at": ["runtime.permissions[0]"],
}

fires["minting credentials"] := {
	"input": app("sts", "getfederationtoken"),
	"at": ["runtime.permissions[0]"],
}

silent["reading one object"] := app("s3", "getobject")

silent["assuming a role, which is another rule's"] := app("sts", "assumerole")

silent["sending a message"] := app("sqs", "sendmessage")

silent["no permissions"] := example.quiet

app(service, operation) := example.but({"permissions": [{
	"action": concat(":", [service, operation]),
	"service": service,
	"operation": operation,
}]})
