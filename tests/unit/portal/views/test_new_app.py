import pytest

from appguard.apps.catalog import catalog
from appguard.kernel.ids import AppId
from tests.unit.portal.test_intent import FORM
from tests.unit.portal.world import ANA, Browser, leave_request


def test_a_filled_in_form_makes_a_draft_from_the_template():
    answer = Browser.of(ANA).post("/new", **FORM)
    assert (answer.status, answer.headers["location"]) == (303, "/my/leave-request?new=1")
    app = catalog().get(AppId("leave-request"))
    manifest = catalog().bundle(app.draft).manifest()
    assert (manifest.metadata.owner, manifest.intent.purpose) == (ANA.email, FORM["purpose"])


def test_a_mistake_keeps_what_was_typed_and_names_the_field():
    answer = Browser.of(ANA).post("/new", **(FORM | {"name": "", "app_id": ""}))
    assert answer.status == 422
    assert "Replace the leave spreadsheet." in answer.body
    assert 'aria-invalid="true"' in answer.body


def test_a_taken_address_is_told_at_its_field():
    leave_request()
    answer = Browser.of(ANA).post("/new", **FORM)
    assert answer.status == 422
    assert "Another app has this address" in answer.body


def test_a_template_that_does_not_exist_is_told_at_its_field():
    assert Browser.of(ANA).post("/new", **(FORM | {"template": "../../etc"})).status == 422


def test_the_risk_is_explained_with_and_without_script():
    browser = Browser.of(ANA)
    piece = browser.post("/api/risk", headers={"hx-request": "true"}, **FORM)
    whole = browser.post("/new", action="explain", **FORM)
    for answer in (piece, whole):
        assert "Medium risk" in answer.body
        assert "You declared personal data." in answer.body
    assert "<html" not in piece.body
    assert "HR self-service" in piece.body


@pytest.mark.parametrize("name", ["name", "team", "purpose"])
def test_what_people_type_is_shown_and_never_run(name):
    text = "<script>alert(1)</script> \"'>${7*7}{{7*7}}"
    browser = Browser.of(ANA)
    assert browser.post("/new", **(FORM | {name: text})).status == 303
    app_id = browser.get("/").body.partition("/my/")[2].partition('"')[0]
    for path in ("/", f"/my/{app_id}", f"/my/{app_id}/edit"):
        body = browser.get(path).body
        assert "<script>alert" not in body
        assert "49" not in body.replace(app_id, "").partition("alert(1)")[2][:60]
