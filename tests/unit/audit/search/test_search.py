import json
from datetime import timedelta

import pytest

from appguard.audit.search.fact import fact_of
from appguard.audit.search.filters import Filters
from appguard.audit.search.here import search_in
from appguard.audit.search.model import Question, Showing
from appguard.audit.search.place import Cursor
from appguard.audit.search.saved import SavedName
from appguard.audit.search.segments import Segment
from appguard.audit.verify import Key, verify_proof
from appguard.kernel.errors import Invalid, NotFound
from appguard.kernel.event import Result, RetentionClass
from tests.unit.audit.search.made import START, entry, event

LOG = RetentionClass.THREE_YEARS


def ids(answer) -> list[str]:
    return [hit.event.event_id for hit in answer.hits]


def made(*numbers: int) -> list[str]:
    return [event(n).event_id for n in numbers]


def test_indexed_and_fresh_entries_are_found_together_newest_first(seal, update, search, narrow):
    seal(*(event(n) for n in range(6)))
    update()
    seal(event(6), event(7, retention_class=RetentionClass.ONE_YEAR))

    answer = search.answer(Question())

    assert ids(answer) == made(7, 6, 5, 4, 3, 2, 1, 0)
    assert (answer.signed, answer.indexed, answer.unread) == (8, 6, 0)
    assert all(hit.proven for hit in answer.hits)


def test_pages_follow_each_other_without_gap_or_repetition(seal, update, search, narrow):
    seal(*(event(n) for n in range(9)))
    update()
    seal(*(event(n) for n in range(9, 12)))

    pages, after = [], None
    while True:
        answer = search.answer(Question(after=after, limit=5))
        pages.append(ids(answer))
        if (after := answer.next) is None:
            break

    assert pages == [made(11, 10, 9, 8, 7), made(6, 5, 4, 3, 2), made(1, 0)]


def test_entries_too_many_to_read_while_they_are_not_indexed_are_owned_up_to(seal, search):
    seal(*(event(n) for n in range(8)))
    answer = search.answer(Question())
    assert ids(answer) == made(7, 6, 5, 4, 3)
    assert (answer.signed, answer.indexed, answer.unread) == (8, 0, 3)


def test_when_the_time_is_over_a_page_says_how_far_it_looked(seal, update, search, monkeypatch, narrow):
    monkeypatch.setattr("appguard.audit.search.walk.FIRST_WAVE", 1)
    seal(*(event(n) for n in range(8)))
    update()
    answer = search.answer(Question(filters=Filters(text=made(1)[0])), time_is_over=lambda: True)
    assert (ids(answer), answer.looked_back_to) == ([], START + timedelta(seconds=3))
    onwards = search.answer(Question(filters=Filters(text=made(1)[0]), after=answer.next))
    assert (ids(onwards), onwards.looked_back_to, onwards.next) == (made(1), None, None)


class Lying:
    """An index that says an entry is there, whatever was asked."""

    def __init__(self, place: Cursor) -> None:
        self.place = place

    def segments(self, log):
        return [Segment(log, 0, 2, 0, 10**17)] if log is LOG else []

    def newest(self, *_):
        return [self.place]

    def latest(self, *_):
        return []


@pytest.mark.parametrize("number", [0, 77])
def test_what_the_index_makes_up_is_not_shown(seal, search, number):
    seal(event(0), event(1))
    lying = type(search)(search.ledger, Lying(Cursor(0, LOG, number)), search.keys, 5)
    answer = lying.answer(Question(filters=Filters(action=("data.",))))
    assert (answer.hits, answer.misfits) == ((), 1)


def test_a_hit_no_checkpoint_of_ours_contains_is_marked(seal, search):
    seal(event(0))
    other = type(search)(search.ledger, search.index, [Key(b"x" * 32)], 5)
    assert [hit.proven for hit in other.answer(Question()).hits] == [False]


def test_an_entry_is_shown_with_a_proof_that_convinces_who_holds_the_key(seal, search):
    seal(event(0), event(1))
    shown = search.show(Showing(log=LOG, number=1))
    assert json.loads(shown.hit.body) == verify_proof(shown.proof, search.keys)
    with pytest.raises(NotFound):
        search.show(Showing(log=LOG, number=2))


def test_an_export_is_searched_without_any_index(seal, exported, search, update):
    seal(*(event(n) for n in range(7)))
    offline = search_in(exported())
    asked = Question(filters=Filters(actor="ana"), limit=3)
    assert ids(offline.answer(asked)) == made(6, 5, 4)
    assert offline.answer(asked).unread == 0
    update()
    assert offline.answer(asked).hits == search.answer(asked).hits


@pytest.mark.parametrize("after", ["x.3y.1", "1.2y.1", "9" * 30, "1.3y.1; DROP", "-1"])
@pytest.mark.parametrize("saved", [None, SavedName.EXCEPTIONS_OPEN])
def test_a_place_nobody_was_given_is_refused(seal, search, after, saved):
    with pytest.raises(Invalid):
        search.answer(Question(saved=saved, after=after))


def on(action: str, resource: str, n: int, *, kind: str = "exception", days: int = 0, **more):
    return event(n, action, kind=kind, resource=resource, at=START + timedelta(days=days), **more)


def exception(action: str, name: str, n: int, ends: int = 30, **more):
    until = (START + timedelta(days=ends)).isoformat()
    return on(f"exception.{action}", name, n, expires_at=until, **more)


STORY = [
    exception("granted", "exc-holds", 1, ends=300),
    exception("granted", "exc-soon", 2, ends=210),
    exception("denied", "exc-soon", 3, days=1, result=Result.DENIED),
    exception("granted", "exc-lapsed", 4),
    exception("granted", "exc-expired", 5),
    exception("expired", "exc-expired", 6, days=31),
    exception("granted", "exc-renewed", 7),
    exception("expired", "exc-renewed", 8, days=31),
    exception("granted", "exc-renewed", 9, ends=400, days=32),
    exception("granted", "exc-revoked", 10, ends=300),
    exception("revoked", "exc-revoked", 11, ends=300, days=2),
    on("secret.registered", "appguard/apps/old", 20, kind="secret"),
    on("secret.rotated", "appguard/apps/fresh", 21, kind="secret", days=190),
    on("secret.rotated", "appguard/logins/hr-db/late", 22, kind="secret", days=180),
    on("secret.rotated", "appguard/apps/gone", 23, kind="secret"),
    on("secret.withdrawn", "appguard/apps/gone", 24, kind="secret", days=1),
    on("app.created", "kept", 30, kind="app", app_id="kept", actor="kay"),
    on("app.published", "kept", 31, kind="app", app_id="kept", actor="reviews", days=1),
    on("app.drafted", "kept", 32, kind="app", app_id="kept", actor="kay", days=150),
    on("app.created", "left", 33, kind="app", app_id="left", actor="leo"),
    on("app.published", "left", 34, kind="app", app_id="left", actor="reviews", days=1),
    on("app.created", "ended", 35, kind="app", app_id="ended", actor="leo"),
    on("app.published", "ended", 36, kind="app", app_id="ended", actor="reviews", days=1),
    on("app.retired", "ended", 37, kind="app", app_id="ended", actor="operations", days=2),
    on("app.created", "draft", 38, kind="app", app_id="draft", actor="leo"),
    on("approval.decided", "apr-1", 40, kind="approval", actor="rob"),
    on("policy.published", "p", 41, kind="policy", actor="pat", days=1),
    on("data.read", "hr-db/health", 42, kind="query", classes=["internal", "special"]),
    on("data.exported", "hr-db/health", 43, kind="query", days=2, result=Result.DENIED, classes=["special"]),
    on("data.read", "hr-db/team", 44, kind="query", classes=["personal"]),
]
EXPECTED = {
    SavedName.EXCEPTIONS_OPEN: ["exc-soon", "exc-holds", "exc-renewed"],
    SavedName.EXCEPTIONS_EXPIRED: ["exc-lapsed", "exc-expired"],
    SavedName.SECRETS_LATE: ["appguard/apps/old", "appguard/logins/hr-db/late"],
    SavedName.APPS_UNOWNED: ["left"],
    SavedName.APPROVALS: ["exc-renewed", "p", "exc-revoked", "exc-lapsed", "apr-1"],
    SavedName.SPECIAL_DATA: ["hr-db/health", "hr-db/health"],
    SavedName.DENIED: ["hr-db/health", "exc-soon"],
}


@pytest.fixture
def told(seal, update, search):
    """Half of the story is indexed, and it is two hundred days later."""
    seal(*STORY[::2])
    update()
    seal(*STORY[1::2])
    return type(search)(
        search.ledger, search.index, search.keys, 99, clock=lambda: START + timedelta(days=200)
    )


@pytest.mark.parametrize("name", SavedName)
def test_each_saved_query_finds_what_it_promises(told, exported, name):
    answer = told.answer(Question(saved=name, limit=50))
    found = [hit.event.resource.id for hit in answer.hits]
    if name is SavedName.APPROVALS:
        assert set(EXPECTED[name]) < set(found)
        assert {hit.event.action for hit in answer.hits} == {
            "approval.decided",
            "exception.granted",
            "policy.published",
        }
    else:
        assert found == EXPECTED[name]
    offline = search_in(exported())
    again = type(offline)(offline.ledger, offline.index, offline.keys, 10**9, told.clock)
    assert again.answer(Question(saved=name, limit=50)).hits == answer.hits


def test_how_things_stand_is_counted_paged_and_narrowed(told):
    first = told.answer(Question(saved=SavedName.EXCEPTIONS_OPEN, limit=2))
    second = told.answer(Question(saved=SavedName.EXCEPTIONS_OPEN, limit=2, after=first.next))
    assert (first.total, len(first.hits), len(second.hits), second.next) == (3, 2, 1, None)
    only = Question(saved=SavedName.EXCEPTIONS_OPEN, filters=Filters(resource="exc-holds"))
    assert [hit.event.resource.id for hit in told.answer(only).hits] == ["exc-holds"]
    with pytest.raises(Invalid):
        told.answer(Question(saved=SavedName.EXCEPTIONS_OPEN, filters=Filters(text="x")))


def test_a_row_knows_when_an_exception_ends_and_copes_with_what_is_no_date():
    assert fact_of(entry(event(expires_at="soon"))).until == 0
    assert fact_of(entry(event(expires_at=7.5, classes="special"))).classes == ""
