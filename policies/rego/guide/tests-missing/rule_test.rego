package appguard.cases.tests_missing

import data.appguard.shared.example

fires["a form without examples"] := {
	"input": app(0, "form"),
	"at": ["tests"],
}

silent["a form with an example"] := app(1, "form")

silent["a table"] := app(0, "table")

app(tests, type) := example.manifest({"tests": tests, "pages": [example.page({"type": type})]})
