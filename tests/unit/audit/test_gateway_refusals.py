"""What the gateway refuses by itself is in the ledger, and a flood of it is not."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from appguard.audit.gateway_refusals import SLOTS, UNKNOWN, Delivery, entries
from tests.support.log_delivery import UNSIGNED, delivery

AT = 1_795_561_207_123
ROLE = "arn:aws:sts::123456789012:assumed-role/appguard-app-lunch"
SIGNED = {**UNSIGNED, "caller": f"{ROLE}/appguard-app-lunch", "requestId": "JKJbYmPLvHcESHB="}


def recorded(*lines, at=AT, **more):
    return list(entries(Delivery.model_validate(delivery(*lines, at=at, **more)).refused))


def test_a_request_nobody_signed_becomes_an_entry_without_a_person_in_it():
    [entry] = recorded(UNSIGNED)
    assert (entry.action, entry.result, entry.actor.id) == ("access.denied", "denied", UNKNOWN)
    assert entry.resource.id == "POST /connectors/{name}/queries/{query}"
    assert entry.timestamp == datetime.fromtimestamp(AT / 1000, UTC)
    assert entry.metadata == {
        "code": "gateway_refused",
        "status": 403,
        "network": "203.0.113.0/24",
        "request_id": "JKJaXmPLvHcESHA=",
        "requests": 1,
        "sources": 1,
    }


def test_whose_credentials_were_not_enough_is_named_without_the_name_they_chose():
    [entry] = recorded(SIGNED)
    assert entry.actor.id == ROLE


def test_a_source_that_goes_on_is_one_entry_a_minute_with_a_count():
    one, other = recorded(*[UNSIGNED] * 500), recorded(UNSIGNED, at=AT + 60_000)
    assert [entry.metadata["requests"] for entry in (*one, *other)] == [500, 1]
    assert one[0].event_id != other[0].event_id
    assert recorded(UNSIGNED)[0].event_id == one[0].event_id, "a later delivery of the minute adds nothing"


def test_two_sources_are_two_entries():
    assert {entry.actor.id for entry in recorded(UNSIGNED, SIGNED)} == {UNKNOWN, ROLE}


@given(st.sets(st.ip_addresses(), min_size=1, max_size=300))
def test_however_many_sources_there_are_a_minute_has_few_entries(addresses):
    found = recorded(*({**UNSIGNED, "ip": str(ip)} for ip in addresses))
    assert len({entry.event_id for entry in found}) == len(found) <= SLOTS
    assert sum(int(str(entry.metadata["requests"])) for entry in found) == len(addresses)


@given(st.ip_addresses())
def test_no_entry_holds_a_whole_address(ip):
    [entry] = recorded({**UNSIGNED, "ip": str(ip)})
    assert str(entry.metadata["network"]).endswith("/24" if ip.version == 4 else "/48")


@pytest.mark.parametrize("caller", ["-", "", "Ana Alvarez", "arn:aws:iam::1:user/x", None])
def test_what_is_no_arn_is_nobody(caller):
    assert recorded({**UNSIGNED, "caller": caller})[0].actor.id == UNKNOWN


def test_a_check_whether_we_can_be_reached_is_no_refusal():
    assert recorded("CWL CONTROL MESSAGE: Checking health of destination", kind="CONTROL_MESSAGE") == []


@pytest.mark.parametrize(
    "line", [{**UNSIGNED, "status": "200"}, {**UNSIGNED, "route": "x\n"}, {**UNSIGNED, "requestId": "{}"}, []]
)
def test_a_line_of_another_form_is_an_error_and_no_entry(line):
    with pytest.raises(ValidationError):
        recorded(line)
