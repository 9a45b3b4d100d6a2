package appguard.cases.public_write

import data.appguard.shared.example

fires["partners who write"] := {
	"input": app("partners", [example.command("report_defect", "internal")]),
	"at": ["connectors[0].commands[0]"],
}

fires["anybody who writes"] := {
	"input": app("public", [example.command("report_defect", "internal")]),
	"at": ["connectors[0].commands[0]"],
}

silent["employees who write"] := app("employees", [example.command("report_defect", "internal")])

silent["anybody who reads"] := app("public", [])

app(users, commands) := example.merge(example.intent({"users": users}), {"touched_commands": commands})
