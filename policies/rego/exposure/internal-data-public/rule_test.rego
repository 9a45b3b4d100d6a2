package appguard.cases.internal_data_public

import data.appguard.shared.example

fires["an internal column"] := {
	"input": app("public", [example.column("room", "internal")], []),
	"at": ["intent.users"],
}

fires["a special column"] := {
	"input": app("public", [example.column("note", "special")], []),
	"at": ["intent.users"],
}

fires["a class nobody knows"] := {
	"input": app("public", [example.column("room", "harmless")], []),
	"at": ["intent.users"],
}

fires["a command on confidential data"] := {
	"input": app("public", [], [example.command("set_price", "confidential")]),
	"at": ["intent.users"],
}

silent["a public column"] := app("public", [example.column("day", "public")], [])

silent["a command that takes internal data"] := app("public", [], [example.command("report_defect", "internal")])

silent["employees"] := app("employees", [example.column("room", "internal")], [])

app(users, columns, commands) := example.merge(example.intent({"users": users}), {
	"touched_queries": [example.query(columns)],
	"touched_commands": commands,
})
