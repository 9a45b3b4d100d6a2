"""What the function that answers about a person says of one access."""

SEEN = {
    "at": "2026-11-24T12:00:00Z",
    "action": "data.read",
    "actor": "mia@example.com",
    "app_id": "leave-request",
    "bundle_digest": "sha256:" + "1" * 64,
    "purpose": "Ask for days off",
    "connector": "hr-db",
    "operation": "team_calendar",
    "classes": ["internal", "personal"],
    "rows": 3,
    "doubted": False,
    "event_id": "evt-" + "a" * 32,
    "log": "3y",
    "index": 17,
}
