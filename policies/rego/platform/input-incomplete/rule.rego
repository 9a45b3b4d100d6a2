package appguard.rules.input_incomplete

# METADATA
# scope: document
# title: What cannot be judged is refused
# description: >-
#   Rego denies nothing when a fact is missing, so this rule refuses an input that lacks one, also
#   under opa and conftest where no schema is checked before.
# custom:
#   rule: input-incomplete
#   severity: block
#   remediation: >-
#     The platform team must send the complete input; see functions/appguard/policy/input.py.
#   controls: [SOC2-CC8.1]
deny contains finding if {
	some fact in missing
	finding := {
		"rule": "input-incomplete",
		"msg": concat("", ["The fact ", fact, " is missing, so nothing can be judged."]),
		"path": "",
	}
}

needed := [
	["schema"],
	["manifest", "id"],
	["manifest", "owner"],
	["manifest", "intent", "purpose_words"],
	["manifest", "intent", "users"],
	["manifest", "intent", "data_class"],
	["manifest", "intent", "criticality"],
	["manifest", "runtime", "memory_mb"],
	["manifest", "runtime", "timeout_seconds"],
	["manifest", "runtime", "concurrency"],
	["manifest", "lifecycle", "retire_after_months"],
	["manifest", "lifecycle", "idle_after_days"],
	["manifest", "lifecycle", "retention"],
	["manifest", "pages"],
	["manifest", "tests"],
	["connectors"],
	["touched_queries"],
	["touched_commands"],
	["permissions"],
	["egress"],
	["risk", "tier"],
	["risk", "reasons"],
]

needed_of_each := {
	"connectors": ["name", "state", "owner", "path"],
	"touched_queries": ["connector", "name", "path", "columns"],
	"touched_commands": ["connector", "name", "class", "path"],
	"permissions": ["action", "service", "operation"],
	"egress": ["host", "kind"],
}

missing contains concat(".", path) if {
	some path in needed
	object.get(input, path, null) == null
}

missing contains concat(".", [list, key]) if {
	some list, keys in needed_of_each
	some item in input[list]
	some key in keys
	not has(item, key)
}

missing contains concat(".", ["touched_queries.columns", key]) if {
	some query in input.touched_queries
	some column in query.columns
	some key in ["name", "class"]
	not has(column, key)
}

missing contains concat(".", ["manifest.pages", key]) if {
	some page in input.manifest.pages
	some key in ["id", "type", "has_help", "connector", "operation", "export", "path"]
	not has(page, key)
}

# No built-in: one that errs on what is no object would say nothing, and `not` asks for presence, not for truth.
has(item, key) if item[key] != null

missing contains "schema" if object.get(input, "schema", "") != "appguard.policy-input/v1"
