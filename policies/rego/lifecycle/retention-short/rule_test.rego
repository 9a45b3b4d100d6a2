package appguard.cases.retention_short

import data.appguard.shared.example

fires["one year for personal data"] := {
	"input": app("1y", "personal"),
	"at": ["lifecycle.retention"],
}

silent["three years"] := app("3y", "personal")

silent["one year for internal data"] := app("1y", "internal")

app(retention, class) := example.merge(example.lifecycle({"retention": retention}), {
	"touched_queries": [example.query([example.column("full_name", class)])],
})
