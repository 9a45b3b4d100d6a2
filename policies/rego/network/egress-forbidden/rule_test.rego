package appguard.cases.egress_forbidden

import data.appguard.shared.example

fires["an address"] := {
	"input": app("169.254.169.254", "address"),
	"at": ["runtime.egress[0]"],
}

fires["an inner name"] := {
	"input": app("vault.internal", "internal"),
	"at": ["runtime.egress[0]"],
}

silent["a public host"] := app("api.example.org", "external")

app(host, kind) := example.but({"egress": [{"host": host, "kind": kind}]})
