import socket

import pytest

from appguard.runtime import preview
from tests.browser.micro_app import APP, TEAM
from tests.unit.runtime.world import GOOD


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    def refuse(*_):
        raise AssertionError("a preview may not reach anything")

    monkeypatch.setattr(socket.socket, "connect", refuse)


def render(page="", **more):
    return preview.render({"definition": APP, "page": page, **more}, None)


@pytest.mark.parametrize(("page", "rows"), [("", None), ("ask", None), ("team", TEAM), ("team", None)])
def test_every_page_is_one_document_that_leads_nowhere(page, rows):
    shown = render(page, rows=rows)
    html = shown["html"]
    assert html.startswith("<!doctype html>")
    assert html.count("<style>") == 1
    assert "<link" not in html
    assert "<script" not in html
    assert 'href="/' not in html
    assert "nothing is sent or saved" in html
    assert shown["errors"] == []


def test_synthetic_rows_are_shown_as_real_ones_would_be():
    assert "Greta Lind" in render("team", rows=TEAM)["html"]


def test_a_submission_is_checked_mapped_and_dropped():
    shown = render("ask", values=GOOD)
    assert shown["errors"] == []
    assert shown["parameters"]["starts_on"] == "2026-08-10"
    assert "hr-db / request_leave" in shown["html"]


def test_a_wrong_submission_names_its_fields():
    shown = render("ask", values={**GOOD, "last_day": "2026-08-01"})
    assert [error["field"] for error in shown["errors"]] == ["last_day"]
    assert "There is a problem" in shown["html"]


def test_a_mapping_that_does_not_work_is_told_to_its_author():
    definition = {
        **APP,
        "pages": [{**APP["pages"][0], "submit": {**APP["pages"][0]["submit"], "mapping": "1"}}],
    }
    shown = preview.render({"definition": definition, "page": "ask", "values": GOOD}, None)
    assert shown["errors"][0]["field"] == "submit.mapping"
    assert "submit.mapping" in shown["html"]


@pytest.mark.parametrize("event", [{}, {"definition": {}}, {"definition": APP, "page": "nope"}], ids=str)
def test_what_cannot_be_shown_is_explained(event):
    shown = preview.render(event, None)
    assert shown["errors"]
    assert "html" not in shown
