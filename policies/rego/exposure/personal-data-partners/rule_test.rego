package appguard.cases.personal_data_partners

import data.appguard.shared.example

fires["partners and personal data"] := {
	"input": app("partners", "personal"),
	"at": ["intent.users"],
}

fires["partners and special data"] := {
	"input": app("partners", "special"),
	"at": ["intent.users"],
}

silent["partners and internal data"] := app("partners", "internal")

silent["employees and personal data"] := app("employees", "personal")

app(users, class) := example.merge(example.intent({"users": users}), {
	"touched_queries": [example.query([example.column("full_name", class)])],
})
