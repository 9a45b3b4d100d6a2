package appguard.cases.form_help_missing

import data.appguard.shared.example

fires["a form without help"] := {
	"input": app({"type": "form", "has_help": false}),
	"at": ["pages[0]"],
}

silent["a form with help"] := app({"type": "form", "has_help": true})

silent["a table"] := app({"type": "table", "has_help": false})

app(changes) := example.manifest({"pages": [example.page(changes)]})
