"""The whole app with code of its own: real process, broker in memory."""

import json
from base64 import b64encode
from dataclasses import replace
from pathlib import Path

import pytest

from appguard.runtime import preview
from appguard.runtime.logic.client import Logic
from appguard.runtime.logic.start import Started
from appguard.runtime.model import MicroApp
from tests.browser.micro_app import APP
from tests.unit.runtime.world import GOOD, World, _reply

SOURCE = """
def too_many(values, broker):
    rows = broker.query("hr-db", "team_calendar", {"from": values["first_day"]})
    if (values["last_day"] - values["first_day"]).days > 3:
        return {"last_day": f"Only {len(rows)} are left"}
    return {}

def made(values, user):
    return {"starts_on": values["first_day"], "who": user["email"]}

def span(today):
    return {"from": today}

def broken(values):
    return values["no such field"]
"""


def definition(**hooks: str) -> dict:
    form, table, *rest = APP["pages"]
    prepare = hooks.pop("prepare", "made")
    call = {k: v for k, v in form["submit"].items() if k != "mapping"} | {"prepare": prepare}
    source = {k: v for k, v in table["source"].items() if k != "mapping"} | {"prepare": "span"}
    pages = [{**form, "submit": call, **hooks}, {**table, "source": source}, *rest]
    return {**APP, "pages": pages, "reads": [{"connector": "hr-db", "query": "team_calendar"}]}


@pytest.fixture(scope="module")
def started(tmp_path_factory):
    app: Path = tmp_path_factory.mktemp("function") / "app"
    app.mkdir()
    (app / "logic.py").write_text(SOURCE)
    code = Started(app, app.parent / "packages")
    yield code
    code.drop()


@pytest.fixture
def ana(started):
    def signed_in(**hooks: str) -> World:
        world = World(definition=definition(**hooks))
        world.site = replace(world.site, logic=Logic(started))
        world.sign_in()
        return world

    return signed_in


def test_what_the_code_says_is_shown_beside_its_field_with_what_was_typed(ana) -> None:
    world = ana(check="too_many")
    shown = world.post("/pages/ask", GOOD)
    assert shown.status == 422
    assert "are left" in shown.body
    assert GOOD["last_day"] in shown.body
    assert [path for path, *_ in world.broker.calls] == ["hr-db/queries/team_calendar"]


def test_the_code_asks_in_the_name_of_the_person_and_only_its_words_cross_the_border(ana) -> None:
    world = ana(check="too_many")
    world.post("/pages/ask", GOOD)
    [(_, body, headers)] = world.broker.calls
    assert body == {"parameters": {"from": GOOD["first_day"]}}
    assert headers["x-appguard-user-token"].count(".") == 2


def test_what_the_code_prepares_is_what_is_sent(ana) -> None:
    world = ana(check="too_many")
    reply = world.post("/pages/ask", {**GOOD, "last_day": GOOD["first_day"]})
    assert reply.status == 303
    path, body, _ = world.broker.calls[-1]
    assert path == "hr-db/commands/request_leave"
    assert body == {"parameters": {"starts_on": GOOD["first_day"], "who": "ana@example.com"}}


def test_a_table_is_asked_for_with_what_the_code_prepares(ana) -> None:
    world = ana()
    assert world.get("/pages/team").status == 200
    assert list(world.broker.calls[-1][1]["parameters"]) == ["from"]


def test_code_that_fails_sends_nothing_keeps_the_entries_and_tells_no_data(ana) -> None:
    world = ana(prepare="broken")
    shown = world.post("/pages/ask", GOOD)
    assert shown.status == 500
    assert "broken of this app stopped with KeyError in line 15" in shown.body
    assert "no such field" not in shown.body
    assert GOOD["last_day"] in shown.body
    assert world.broker.calls == []


def test_a_sign_in_the_broker_no_longer_accepts_ends_the_session(ana) -> None:
    world = ana(check="too_many")
    refusal = {"code": "unauthenticated", "message": "No.", "remediation": ""}
    world.broker.answers["hr-db/queries/team_calendar"] = _reply(401, error=refusal)
    assert "sign in again" in world.post("/pages/ask", GOOD).body


def test_an_app_without_hooks_starts_no_process() -> None:
    assert MicroApp.model_validate(definition()).has_hooks
    assert not MicroApp.model_validate(APP).has_hooks


def test_the_preview_runs_the_code_on_made_up_rows() -> None:
    event = {
        "definition": definition(check="too_many"),
        "page": "ask",
        "values": GOOD,
        "files": {"logic.py": b64encode(SOURCE.encode()).decode()},
        "answers": {"hr-db/team_calendar": {"columns": [{"name": "a"}], "rows": [[1], [2]]}},
    }
    shown = preview.render(event, None)
    assert shown["errors"] == [{"field": "last_day", "message": "Only 2 are left"}]
    shown = preview.render(
        json.loads(json.dumps(event | {"values": {**GOOD, "last_day": GOOD["first_day"]}})), None
    )
    assert shown["parameters"]["who"] == "sample.person@example.com"
    shown = preview.render(event | {"definition": definition(prepare="broken")}, None)
    assert shown["errors"][0]["field"] == "logic.py"
    assert "KeyError" in shown["html"]
