import json
from datetime import timedelta
from urllib.parse import unquote

import pytest

from appguard.audit.canonical import canonical
from appguard.audit.search.saved import SAVED, SavedName
from appguard.audit.verify import load_keys, verify_proof
from appguard.kernel.event import Result, Role
from appguard.portal.views import audit
from tests.support.ledger import *  # noqa: F403 - its fixtures are ours
from tests.support.searching import SearchFunction
from tests.unit.audit.search.made import START, event
from tests.unit.portal.world import ADA, ANA, DORA, MIA, PAT, ROB, SAM, Browser

EVENTS = [
    *(event(n, "data.read", kind="query", resource=f"hr-db/q{n}", classes=["internal"]) for n in range(29)),
    event(29, "data.exported", kind="query", resource="hr-db/<b>", result=Result.DENIED, classes=["special"]),
]


@pytest.fixture(scope="module")
def folder(written):
    return written({"3y": [30]}, entry=lambda n: canonical(EVENTS[n]))


@pytest.fixture
def function(folder, monkeypatch):
    function = SearchFunction(folder)
    monkeypatch.setattr(audit, "client_here", lambda: function)
    return function


@pytest.mark.parametrize("person", [ADA, SAM, PAT], ids=lambda p: p.id)
def test_those_who_watch_over_the_platform_search_the_ledger(function, person):
    page = Browser.of(person).get("/audit")
    assert page.status == 200
    assert "Indexed up to entry 0 of 30; the others were read from the ledger itself." in page.body
    assert 'href="/audit"' in Browser.of(person).get("/").body


@pytest.mark.parametrize("person", [ANA, MIA, ROB, DORA], ids=lambda p: p.id)
@pytest.mark.parametrize("path", ["/audit", "/audit/3y/1", "/audit/3y/1/proof"])
def test_nobody_else_does(function, person, path):
    assert Browser.of(person).get(path).status == 403
    assert function.asked == []


def test_a_hit_is_shown_with_its_proof_and_what_it_says_is_text(function, folder):
    ada = Browser.of(ADA)
    page = ada.get("/audit?result=denied").body
    assert "hr-db/&lt;b&gt;" in page
    assert "<b>" not in page
    assert 'href="/audit/3y/29/proof"' in page
    assert "hr-db/q1<" not in page

    entry = ada.get("/audit/3y/29").body
    assert "Holds" in entry
    assert EVENTS[29].event_id in entry

    file = ada.get("/audit/3y/29/proof")
    assert file.headers["content-disposition"] == f'attachment; filename="{EVENTS[29].event_id}.json"'
    keys = load_keys((folder / "ledger-key.pem").read_bytes())
    assert verify_proof(json.loads(file.body), keys)["event_id"] == EVENTS[29].event_id


def test_the_address_of_the_next_page_keeps_the_question(function):
    ada = Browser.of(ADA)
    first = ada.get("/audit?action=data.&app=leave-request&from=2026-03-01&to=2026-03-01").body
    older = first.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0].replace("&amp;", "&")
    for part in ("action=data.", "app=leave-request", "from=2026-03-01", "after="):
        assert part in unquote(older)

    second = ada.get(older).body

    assert second.count("/proof") == 5
    assert 'rel="next"' not in second
    asked = function.asked[-1].filters
    assert function.asked[-1].by.role is Role.AUDITOR
    assert (asked.since, asked.until) == (START.replace(hour=0), START.replace(hour=0) + timedelta(days=1))


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("app=UPPER", "app: "),
        ("action=1%3B+DROP", "action.0: "),
        ("from=yesterday", "A day is written like"),
        ("from=2026-03-02&to=2026-03-01", "since is not before until"),
        ("saved=everything", "no such saved query"),
        ("after=nowhere", "not where a page of hits ended"),
        ("text=" + "x" * 101, "text: "),
        ("result=odd", "result: "),
        ("saved=exceptions-open&text=x", "cannot be searched by text"),
        ("saved=denied&result=success", "says already what result is"),
    ],
)
def test_what_cannot_be_asked_is_said_above_the_form_it_was_typed_into(function, asked, words):
    page = Browser.of(ADA).get(f"/audit?{asked}")
    assert page.status in {400, 409}
    assert words in page.body
    assert 'role="alert"' in page.body
    assert 'action="/audit"' in page.body


@pytest.mark.parametrize("name", SavedName)
def test_every_saved_query_is_a_link_that_answers(function, name):
    ada = Browser.of(ADA)
    assert f'href="/audit?saved={name}"' in ada.get("/audit").body
    page = ada.get(f"/audit?saved={name}")
    assert page.status == 200
    assert f"<h2>{SAVED[name].title}</h2>" in page.body
    assert function.asked[-1].saved is name


def test_finding_nothing_says_what_to_try(function):
    assert "Nothing found" in Browser.of(ADA).get("/audit?actor=nobody").body


def test_a_script_gets_the_hits_alone(function):
    page = Browser.of(ADA).get("/audit?result=denied", **{"hx-request": "true"}).body
    assert "<html" not in page
    assert "hr-db/&lt;b&gt;" in page


def test_what_an_answer_does_not_cover_stands_on_the_page(folder, monkeypatch):
    lagging = SearchFunction(folder, unread=7, misfits=2, looked_back_to="2026-01-05T10:00:00Z", next="5.~.0")
    monkeypatch.setattr(audit, "client_here", lambda: lagging)
    page = Browser.of(ADA).get("/audit?text=q1").text
    for words in ("7 entries are in neither", "The index named 2 entries", "Looked back to 5 January 2026"):
        assert words in page
    assert "Look further back" in page


def test_an_entry_our_key_does_not_vouch_for_is_marked(folder, monkeypatch):
    hit = {"log": "3y", "number": 1, "body": canonical(EVENTS[1]).decode(), "proven": False}
    monkeypatch.setattr(audit, "client_here", lambda: SearchFunction(folder, hits=[hit], hit=hit))
    assert "Not proven" in Browser.of(ADA).get("/audit").body
    assert "It does not hold." in Browser.of(ADA).get("/audit/3y/1").body


@pytest.mark.parametrize("place", ["3y/30", "2y/1", "3y/-1", "3y/x", "7y/0"])
def test_an_entry_that_is_not_there_is_not_found(function, place):
    answer = Browser.of(ADA).get(f"/audit/{place}")
    assert answer.status in {404, 409}
    assert "no " in answer.body
