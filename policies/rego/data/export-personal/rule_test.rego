package appguard.cases.export_personal

import data.appguard.shared.example

fires["a personal column"] := {
	"input": app(true, "personal"),
	"at": ["pages[0].export"],
}

fires["a special column"] := {
	"input": app(true, "special"),
	"at": ["pages[0].export"],
}

silent["a page without export"] := app(false, "personal")

silent["internal rows"] := app(true, "internal")

silent["a personal column of another query"] := example.merge(example.manifest({"pages": [page(true)]}), {
	"touched_queries": [
		example.query([example.column("room", "internal")]),
		example.merge(example.query([example.column("full_name", "personal")]), {"name": "my_profile"}),
	],
})

page(export) := example.page({"export": export})

app(export, class) := example.merge(example.manifest({"pages": [page(export)]}), {
	"touched_queries": [example.query([example.column("full_name", class)])],
})
