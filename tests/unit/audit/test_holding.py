import json

import pytest

from appguard.audit.hold_store import HoldStore
from appguard.audit.holding import Holding
from appguard.audit.holds import OfApp, OfRange
from appguard.audit.reader import in_bucket
from appguard.kernel.errors import Invalid, NotFound
from appguard.kernel.event import Actor, RetentionClass, Role
from appguard.kernel.ids import AppId
from tests.support.ledger import NOW

LOG = RetentionClass.THREE_YEARS
WHO = Actor(id="arn:aws:iam::111122223333:role/security", role=Role.SECURITY)
WHY = "Case 2026-17, asked for by legal"


@pytest.fixture
def holding(dynamodb, s3, outbox) -> Holding:
    store = HoldStore(dynamodb, "ledger", s3, "ledger")
    return Holding(store, in_bucket(s3, "ledger"), outbox, lambda: NOW)


@pytest.fixture
def held(s3):
    """The keys under a legal hold."""

    def found() -> set[str]:
        keys = {one["Key"] for one in s3.list_object_versions(Bucket="ledger")["Versions"]}
        return {
            key
            for key in keys
            if s3.get_object(Bucket="ledger", Key=key).get("ObjectLockLegalHoldStatus") == "ON"
        }

    return found


@pytest.fixture
def said(dynamodb):
    def found(action: str) -> list[dict]:
        bodies = [json.loads(one["body"]["S"]) for one in dynamodb.scan(TableName="outbox")["Items"]]
        return [one for one in bodies if one["action"] == action]

    return found


def test_a_hold_on_a_range_keeps_its_entries_and_what_proves_them(holding, held, seal, event, said):
    seal(*(event(n) for n in range(300)))
    hold, objects = holding.place(OfRange(log=LOG, first=260, last=270), WHY, WHO)
    assert held() == {
        "3y/tile/entries/001.p/44",
        "3y/tile/0/001.p/44",
        "3y/tile/1/000.p/1",
        f"3y/checkpoints/{300:020d}",
    }
    assert objects == 4
    [entry] = said("ledger.held")
    assert (entry["actor"]["id"], entry["resource"]["id"]) == (WHO.id, hold.name)
    assert entry["metadata"] == {"reason": WHY, "scope": "3y/260 to 270"}


def test_a_hold_on_an_app_keeps_its_entries_in_every_log(holding, held, seal, event):
    seal(event(1), event(2, kept=RetentionClass.SEVEN_YEARS))
    holding.place(OfApp(app_id=AppId("leave-request")), WHY, WHO)
    assert {key.partition("/")[0] for key in held()} == {"3y", "7y"}


def test_a_released_object_stays_held_while_another_hold_is_about_it(holding, held, seal, event, said):
    seal(*(event(n) for n in range(300)))
    first, _ = holding.place(OfRange(log=LOG, first=0, last=9), WHY, WHO)
    second, _ = holding.place(OfRange(log=LOG, first=5, last=299), WHY, WHO)
    both = held()
    assert holding.release(first.name, "The case is closed", WHO) == 0
    assert held() == both
    assert holding.release(second.name, "The case is closed", WHO) == len(both)
    assert held() == set()
    assert len(said("ledger.released")) == 2


def test_a_hold_that_was_killed_half_way_is_completed(holding, held, seal, event, monkeypatch):
    seal(event(1), event(2))
    real, calls = HoldStore.set_hold, []

    def dies(self, key, *, on):
        calls.append(key)
        if len(calls) == 2:
            raise KeyboardInterrupt
        real(self, key, on=on)

    monkeypatch.setattr(HoldStore, "set_hold", dies)
    with pytest.raises(KeyboardInterrupt):
        holding.place(OfApp(app_id=AppId("leave-request")), WHY, WHO)
    monkeypatch.undo()
    assert len(held()) == 1
    assert holding.renew() == len(held()) == 3


@pytest.mark.parametrize(
    ("scope", "error"),
    [
        (OfApp(app_id=AppId("never-seen")), NotFound),
        (OfRange(log=LOG, first=0, last=99), Invalid),
        (OfRange(log=RetentionClass.ONE_YEAR, first=0, last=0), NotFound),
    ],
)
def test_a_hold_on_nothing_is_refused_and_not_recorded(holding, seal, event, said, scope, error):
    seal(event(1))
    with pytest.raises(error):
        holding.place(scope, WHY, WHO)
    assert said("ledger.held") == []
    assert list(holding.store.in_force()) == []


def test_releasing_what_is_not_held_says_so(holding):
    with pytest.raises(NotFound):
        holding.release("hold-000000000000", "The case is closed", WHO)
