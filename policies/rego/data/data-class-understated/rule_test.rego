package appguard.cases.data_class_understated

import data.appguard.shared.example

fires["a column above the declared class"] := {
	"input": app("internal", [example.column("name", "personal")], []),
	"at": ["intent.data_class"],
}

fires["a command above the declared class"] := {
	"input": app("internal", [], [example.command("request_leave", "personal")]),
	"at": ["intent.data_class"],
}

fires["the highest of several classes, once"] := {
	"input": app("public", [example.column("name", "personal"), example.column("note", "special")], []),
	"at": ["intent.data_class"],
}

silent["the same class"] := app("personal", [example.column("name", "personal")], [])

silent["a higher class"] := app("special", [example.column("name", "personal")], [])

silent["nothing touched"] := app("public", [], [])

app(declared, columns, commands) := example.merge(example.intent({"data_class": declared}), {
	"touched_queries": [example.query(columns)],
	"touched_commands": commands,
})
