package appguard.cases.egress

import data.appguard.shared.example

fires["each outside host"] := {
	"input": example.but({"egress": [
		{"host": "api.example.org", "kind": "external"},
		{"host": "b.s3.amazonaws.com", "kind": "aws"},
	]}),
	"at": ["runtime.egress[0]", "runtime.egress[1]"],
}

silent["staying inside"] := example.quiet
