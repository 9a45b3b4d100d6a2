package appguard.cases.cross_account

import data.appguard.shared.example

fires["assuming a role"] := {
	"input": example.but({"permissions": [{
		"action": "sts:AssumeRole",
		"service": "sts",
		"operation": "assumerole",
	}]}),
	"at": ["runtime.permissions[0]"],
}

fires["an AWS address"] := {
	"input": example.but({"egress": [{"host": "b.s3.amazonaws.com", "kind": "aws"}]}),
	"at": ["runtime.egress[0]"],
}

silent["other permissions and hosts"] := example.but({
	"permissions": [{"action": "s3:GetObject", "service": "s3", "operation": "getobject"}],
	"egress": [{"host": "api.example.org", "kind": "external"}],
})
