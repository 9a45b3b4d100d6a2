package appguard.cases.purpose_vague

import data.appguard.shared.example

fires["a few words"] := {
	"input": app(5),
	"at": ["intent.purpose"],
}

silent["a sentence"] := app(6)

app(words) := example.intent({"purpose_words": words})
