import json

import pytest

from appguard.kernel.event import RetentionClass
from appguard.siem.batches import message
from appguard.siem.destinations.splunk import LOOKS, SplunkHec, envelope
from appguard.siem.errors import Away, Refused
from appguard.siem.http import Endpoint
from tests.support.entries import AT, entry
from tests.support.siem_server import TOKEN, serving

MESSAGES = [message(entry(n)) for n in range(2)]


@pytest.fixture
def siem():
    with serving() as running:
        yield running


@pytest.fixture
def slept():
    return []


@pytest.fixture
def splunk(siem, slept):
    return SplunkHec(Endpoint(siem.address, {"authorization": f"Splunk {TOKEN}"}), slept.append)


def send(splunk, messages=MESSAGES):
    return splunk.send(RetentionClass.THREE_YEARS, 0, messages)


@pytest.mark.parametrize("code", [6, 12, 13, 15])
def test_codes_about_an_event_reject_that_event(siem, splunk, monkeypatch, code):
    monkeypatch.setattr(siem, "answer", lambda *_: (400, {}, {"code": code}, None))
    assert [one.code for one in send(splunk, MESSAGES[:1]).rejected] == [f"hec_{code}"]


@pytest.mark.parametrize("code", [4, 7, 10, 11, 14, None])
def test_codes_about_token_index_or_channel_reject_nothing(siem, splunk, monkeypatch, code):
    monkeypatch.setattr(siem, "answer", lambda *_: (400, {}, {"code": code}, None))
    with pytest.raises(Refused):
        send(splunk)


@pytest.mark.parametrize("said", [{}, [], {"code": 9}, {"text": "Success"}])
def test_an_answer_without_the_code_of_success_is_none(siem, splunk, monkeypatch, said):
    monkeypatch.setattr(siem, "answer", lambda *_: (200, {}, said, None))
    with pytest.raises(Away):
        send(splunk)


def test_indexers_are_waited_for_two_minutes_and_then_it_is_sent_again(siem, splunk, slept):
    siem.acknowledges, siem.lost = True, {0}
    with pytest.raises(Away, match="acknowledged"):
        send(splunk)
    assert (len(slept), 100 < sum(slept) < 130) == (len(LOOKS), True)
    assert send(splunk).rejected == ()


def test_each_sender_has_a_channel_of_its_own(siem, splunk):
    other = SplunkHec(Endpoint(siem.address, {"authorization": f"Splunk {TOKEN}"}))
    send(splunk), send(splunk), send(other)
    assert sorted(siem.acks.values()) == [1, 2]


def test_around_an_event_stand_its_time_and_its_id():
    around = json.loads(envelope(MESSAGES[0]))
    assert around["time"] == AT.timestamp()
    assert around["fields"] == {"event_id": MESSAGES[0].event_id}
    assert around["event"]["metadata"]["uid"] == MESSAGES[0].event_id
