from datetime import UTC, datetime, timedelta

import pytest

from appguard.audit.search.filters import Filters
from appguard.audit.search.model import Asking
from appguard.audit.search.saved import SavedName
from appguard.audit.search.searched import searched
from appguard.kernel.event import Actor, Result, Role
from appguard.kernel.levels import DataClass

ADA = Actor(id="ada@example.com", role=Role.AUDITOR)
AT = datetime(2026, 3, 1, 12, 5, tzinfo=UTC)
MEIER = Filters(text="Meier", actor="meier@example.com", resource="person meier", app="meier-leaves")


def told(filters: Filters = MEIER, at: datetime = AT, by: Actor = ADA, salt: bytes = b"salt", **more):
    return searched(Asking(by=by, filters=filters, **more), "ledger", at, salt)


def test_an_entry_says_who_searched_and_for_what_kind_of_thing():
    filters = Filters(action=("data.",), result=Result.DENIED, data_class=DataClass.SPECIAL, since=AT)
    event = told(filters, saved=SavedName.DENIED)
    assert (event.action, event.actor) == ("ledger.searched", ADA)
    assert event.metadata["filters"] == ["action", "data_class", "result", "since"]
    assert event.metadata["asked"] == {
        "action": ["data."],
        "result": "denied",
        "data_class": "special",
        "since": "2026-03-01T12:05:00Z",
        "saved": "denied",
    }


def test_what_was_typed_is_not_kept_not_even_where_an_action_is_expected():
    event = told(MEIER.model_copy(update={"action": ("meier", "app.")}))
    assert event.metadata == {
        "filters": ["action", "actor", "app", "resource", "text"],
        "asked": {"action": ["app."]},
    }
    assert "meier" not in event.model_dump_json().casefold()


def test_pages_of_a_search_and_the_same_one_soon_after_are_one_entry():
    first = told().event_id
    assert told(after="1.3y.7", limit=200).event_id == first
    assert told(at=AT + timedelta(minutes=50)).event_id == first


@pytest.mark.parametrize(
    "other",
    [
        {"filters": Filters(text="Meyer")},
        {"by": Actor(id="bob@example.com", role=Role.AUDITOR)},
        {"saved": SavedName.APPROVALS},
        {"at": AT + timedelta(hours=1)},
        {"salt": b"of another process, so that the id tells nothing to whoever guesses the words"},
    ],
    ids=lambda other: next(iter(other)),
)
def test_another_search_is_another_entry(other):
    assert told(**other).event_id != told().event_id
