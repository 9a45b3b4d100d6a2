# The quiet app: no rule but a test's own change should find anything in it.
package appguard.shared.example

quiet := {
	"schema": "appguard.policy-input/v1",
	"manifest": {
		"id": "room-finder",
		"owner": "ana@example.com",
		"template": "table@1",
		"intent": {
			"purpose_words": 12,
			"users": "employees",
			"data_class": "internal",
			"criticality": "low",
		},
		"runtime": {"memory_mb": 256, "timeout_seconds": 10, "concurrency": 5},
		"lifecycle": {"retire_after_months": 6, "idle_after_days": 60, "retention": "3y"},
		"pages": [{
			"id": "rooms",
			"type": "table",
			"has_help": true,
			"connector": "office-directory",
			"operation": "meeting_rooms",
			"export": false,
			"path": "pages[0]",
		}],
		"tests": 1,
	},
	"connectors": [{
		"name": "office-directory",
		"state": "approved",
		"owner": "facilities@example.com",
		"path": "connectors[0]",
	}],
	"touched_queries": [query([column("room", "internal")])],
	"touched_commands": [],
	"permissions": [],
	"egress": [],
	"risk": {"tier": "low", "reasons": []},
}

query(columns) := {
	"connector": "office-directory",
	"name": "meeting_rooms",
	"path": "connectors[0].queries[0]",
	"columns": columns,
}

column(name, class) := {"name": name, "class": class}

command(name, class) := {
	"connector": "office-directory",
	"name": name,
	"class": class,
	"path": "connectors[0].commands[0]",
}

# The quiet app with some parts replaced.
but(parts) := merge(quiet, parts)

manifest(parts) := but({"manifest": merge(quiet.manifest, parts)})

intent(parts) := manifest({"intent": merge(quiet.manifest.intent, parts)})

runtime(parts) := manifest({"runtime": merge(quiet.manifest.runtime, parts)})

lifecycle(parts) := manifest({"lifecycle": merge(quiet.manifest.lifecycle, parts)})

page(parts) := merge(quiet.manifest.pages[0], parts)

# One level deep; object.union merges deeper in OPA than in regopy.
merge(whole, parts) := {key: value |
	some key in object.keys(whole) | object.keys(parts)
	value := object.get(parts, key, object.get(whole, key, null))
}
