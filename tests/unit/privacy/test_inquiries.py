import json
from datetime import UTC, datetime

import pytest

from appguard.connectors.access import READ, Access
from appguard.kernel.errors import TooLarge
from appguard.kernel.event import Actor, Role
from appguard.kernel.ids import AppId
from appguard.privacy import inquiries as module
from appguard.privacy.inquiries import Inquiries
from appguard.privacy.model import Inquiry
from appguard.privacy.subject import Subject
from appguard.privacy.who_saw import WhoSaw

ANA = Subject("ana@example.com")
ADA = Actor(id="ada", role=Role.AUDITOR)


@pytest.fixture
def inquiries(key_store, outbox, living, seal) -> Inquiries:
    """A deployment in which Ana's data was read twice."""
    key = key_store.make([ANA])[ANA]
    for _ in range(2):
        access = Access(READ, "hr-db", "my_profile", AppId("leave-request"), subjects=[key])
        seal(*access.granted(datetime.now(UTC)))
    return Inquiries(key_store, lambda: WhoSaw(living.find, lambda _: "days off"), outbox)


def asked_about(dynamodb) -> list[dict]:
    bodies = [json.loads(item["body"]["S"]) for item in dynamodb.scan(TableName="outbox")["Items"]]
    return [body for body in bodies if body["action"] == "subject.asked_about"]


def test_an_inquiry_is_answered_and_recorded_without_the_persons_name(inquiries, dynamodb):
    answer = inquiries.answer(Inquiry(subject=" Ana@example.com", by=ADA))
    assert len(answer.sightings) == 2
    assert answer.key is None
    (event,) = asked_about(dynamodb)
    assert (event["actor"]["id"], event["metadata"]["accesses"]) == ("ada", 2)
    assert "ana" not in json.dumps(event)


def test_handing_out_a_key_is_recorded_as_such(inquiries, dynamodb):
    answer = inquiries.answer(Inquiry(subject=ANA, by=ADA, with_key=True))
    assert answer.key is not None
    (event,) = asked_about(dynamodb)
    assert event["metadata"]["key_handed_out"] is True


def test_nobody_is_known_who_was_never_seen_and_asking_makes_no_key(inquiries, dynamodb):
    answer = inquiries.answer(Inquiry(subject="bob@example.com", by=ADA))
    assert (answer.known_since, answer.sightings) == (None, ())
    assert len(dynamodb.scan(TableName="subjects")["Items"]) == 1
    assert len(asked_about(dynamodb)) == 1


def test_more_than_an_answer_takes_is_refused_not_cut(inquiries, monkeypatch):
    monkeypatch.setattr(module, "MOST", 1)
    with pytest.raises(TooLarge):
        inquiries.answer(Inquiry(subject=ANA, by=ADA))
