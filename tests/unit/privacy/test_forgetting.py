import json

import pytest

from appguard.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from appguard.kernel.event import Actor, Role
from appguard.privacy.forgetting import Forgetting, OnLegalHold
from appguard.privacy.model import Decision, Verb
from appguard.privacy.subject import Subject

ANA = Subject("ana@example.com")
OWNER = Actor(id="dora", role=Role.DATA_OWNER)
SECURITY = Actor(id="sam", role=Role.SECURITY)
REASON = "left the company three years ago"


@pytest.fixture
def forgetting(key_store, outbox) -> Forgetting:
    key_store.make([ANA])
    return Forgetting(key_store, outbox)


def decided(
    verb: Verb, by: Actor = OWNER, subject: str = "Ana@Example.com", reason: str = REASON
) -> Decision:
    return Decision(verb=verb, subject=subject, reason=reason, by=by)


def recorded(dynamodb) -> list[dict]:
    return [json.loads(item["body"]["S"]) for item in dynamodb.scan(TableName="outbox")["Items"]]


def test_a_person_is_forgotten_by_a_data_owner_and_the_ledger_does_not_say_who(
    forgetting, key_store, dynamodb
):
    tag = key_store.find([ANA])[ANA].tag(forgetting.clock())
    forgetting.decide(decided(Verb.FORGET))
    assert key_store.find([ANA]) == {}
    (event,) = recorded(dynamodb)
    assert (event["action"], event["actor"]["id"]) == ("subject.forgotten", "dora")
    assert "ana" not in json.dumps(event)
    assert tag not in json.dumps(event)


def test_nobody_is_forgotten_twice(forgetting, dynamodb):
    forgetting.decide(decided(Verb.FORGET))
    with pytest.raises(NotFound):
        forgetting.decide(decided(Verb.FORGET))
    assert len(recorded(dynamodb)) == 1


def test_a_legal_hold_keeps_a_person_from_being_forgotten_until_it_is_released(forgetting, key_store):
    forgetting.decide(decided(Verb.HOLD, SECURITY))
    with pytest.raises(OnLegalHold):
        forgetting.decide(decided(Verb.FORGET))
    assert ANA in key_store.find([ANA])
    forgetting.decide(decided(Verb.RELEASE, SECURITY))
    forgetting.decide(decided(Verb.FORGET))
    assert key_store.find([ANA]) == {}


def test_a_hold_placed_while_somebody_decides_still_holds(forgetting, key_store, monkeypatch):
    before = key_store.kept(ANA)
    forgetting.decide(decided(Verb.HOLD, SECURITY))
    monkeypatch.setattr(key_store, "kept", lambda _: before)
    with pytest.raises(Conflict):
        forgetting.decide(decided(Verb.FORGET))
    assert ANA in key_store.find([ANA])


@pytest.mark.parametrize(
    ("verb", "role"),
    [
        (Verb.FORGET, Role.PLATFORM),
        (Verb.FORGET, Role.SECURITY),
        (Verb.HOLD, Role.DATA_OWNER),
        (Verb.RELEASE, Role.DATA_OWNER),
    ],
)
def test_who_may_not_decide_changes_nothing(forgetting, key_store, verb, role, dynamodb):
    with pytest.raises(Forbidden):
        forgetting.decide(decided(verb, Actor(id="x", role=role)))
    assert ANA in key_store.find([ANA])
    assert recorded(dynamodb) == []


def test_whoever_may_not_decide_can_ask_and_a_data_owner_sees_why(forgetting, key_store):
    forgetting.decide(decided(Verb.ASK, Actor(id="pat", role=Role.PLATFORM)))
    assert key_store.kept(ANA).asked == REASON


@pytest.mark.parametrize("reason", ["ana@example.com left us", "because Ana has left"])
def test_a_reason_that_names_the_person_is_refused(forgetting, reason, dynamodb):
    with pytest.raises(Invalid):
        forgetting.decide(decided(Verb.FORGET, reason=reason))
    assert recorded(dynamodb) == []
