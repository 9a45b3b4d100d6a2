package appguard.cases.special_data

import data.appguard.shared.example

fires["a query with several columns, once"] := {
	"input": example.but({"touched_queries": [example.query([
		example.column("b", "special"),
		example.column("a", "special"),
		example.column("c", "internal"),
	])]}),
	"at": ["connectors[0].queries[0]"],
}

fires["a command"] := {
	"input": example.but({"touched_commands": [example.command("note", "special")]}),
	"at": ["connectors[0].commands[0]"],
}

silent["other classes"] := example.but({
	"touched_queries": [example.query([example.column("a", "confidential"), example.column("b", "personal")])],
	"touched_commands": [example.command("note", "internal")],
})
