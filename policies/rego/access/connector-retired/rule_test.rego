package appguard.cases.connector_retired

import data.appguard.shared.example

fires["a retired connector"] := {
	"input": example.but({"connectors": [connector("retired")]}),
	"at": ["connectors[0]"],
}

silent["connectors in other states"] := example.but({"connectors": [connector("approved"), connector("restricted")]})

connector(state) := {"name": "old-hr", "state": state, "owner": "hr-data@example.com", "path": "connectors[0]"}
