package appguard.cases.retirement_late

import data.appguard.shared.example

fires["more than a year"] := {
	"input": app(13),
	"at": ["lifecycle.retire_after_months"],
}

silent["a year"] := app(12)

app(months) := example.lifecycle({"retire_after_months": months})
