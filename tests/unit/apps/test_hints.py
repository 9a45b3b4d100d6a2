from appguard.apps.hints import sections
from appguard.apps.manifest import json_schema


def test_every_key_of_the_manifest_is_explained() -> None:
    schema = json_schema()
    parts = {"Manifest": schema, **schema["$defs"]}
    silent = [
        f"{part}.{key}"
        for part, written in parts.items()
        for key, value in written.get("properties", {}).items()
        if not value.get("description", "").endswith(".")
    ]
    assert silent == []


def test_hints_say_what_may_stand_where() -> None:
    said = {(section.title, hint.key): hint for section in sections() for hint in section.hints}
    life = "When the app is asked whether it is still needed, and how long its evidence is kept"
    assert said[life, "retire_after_months"].allowed == "a whole number; at least 1; at most 24; else 6"
    assert said[life, "retention"].allowed.startswith("one of 1y, 3y, 7y")
    assert said["The whole file", "kind"].allowed == "always MicroApp; required"
    assert said["A page with one table", "export"].allowed == "true or false; else false"
    assert all(hint.meaning for section in sections() for hint in section.hints)
