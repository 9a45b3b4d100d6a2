package appguard.cases.connector_restricted

import data.appguard.shared.example

fires["a restricted connector"] := {
	"input": example.but({"connectors": [connector("restricted")]}),
	"at": ["connectors[0]"],
}

fires["each of two restricted connectors"] := {
	"input": example.but({"connectors": [
		connector("restricted"),
		connector("approved"),
		example.merge(connector("restricted"), {"name": "ledger-db", "path": "connectors[2]"}),
	]}),
	"at": ["connectors[0]", "connectors[2]"],
}

silent["an approved connector"] := example.but({"connectors": [connector("approved")]})

silent["no connector"] := example.but({"connectors": []})

connector(state) := {"name": "payroll-db", "state": state, "owner": "payroll@example.com", "path": "connectors[0]"}
