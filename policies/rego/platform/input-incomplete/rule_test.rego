package appguard.cases.input_incomplete

import data.appguard.shared.example

fires["another schema"] := {
	"input": example.but({"schema": "appguard.policy-input/v2"}),
	"at": [""],
}

fires["a missing list"] := {
	"input": example.but({"touched_queries": null}),
	"at": [""],
}

fires["a missing fact of a list"] := {
	"input": example.but({"egress": [{"host": "api.example.org"}]}),
	"at": [""],
}

fires["null in place of a connector"] := {
	"input": example.but({"connectors": [null]}),
	"at": ["", "", "", ""],
}

fires["a missing fact of a column"] := {
	"input": example.but({"touched_queries": [example.query([{"name": "room"}])]}),
	"at": [""],
}

fires["a missing fact of a page"] := {
	"input": example.manifest({"pages": [example.page({"export": null})]}),
	"at": [""],
}

fires["a missing fact of the manifest"] := {
	"input": example.intent({"users": null}),
	"at": [""],
}

silent["a complete input"] := example.quiet
