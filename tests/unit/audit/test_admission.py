"""What the outbox writes is admitted; `test_intake` shows what becomes of the rest."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appguard.audit.admission import Reason, Rejected, admit
from appguard.audit.canonical import canonical
from appguard.audit.verify.events import read_events
from appguard.kernel.actions import Action
from appguard.kernel.errors import AppGuardError
from appguard.kernel.event import Actor, AuditEvent, Resource, Role
from appguard.kernel.ids import EventId

TEXT = st.text(max_size=20)
NUMBERS = st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
MOMENTS = st.datetimes(datetime(1970, 1, 2), datetime(2200, 1, 1), timezones=st.timezones())  # noqa: DTZ001


@settings(deadline=None)
@given(st.dictionaries(TEXT, VALUES, max_size=4), MOMENTS)
def test_every_event_the_outbox_takes_is_admitted(metadata, at):
    event = AuditEvent(
        event_id=EventId.new(),
        timestamp=at,
        actor=Actor(id="ana", role=Role.REQUESTER),
        action=Action.DATA_READ,
        resource=Resource(type="app", id="leave-request"),
        metadata=metadata,
    )
    try:
        body = canonical(event)
    except AppGuardError:
        return  # the outbox refuses it, and with it the change
    read_events([body])
    assert admit(event.event_id, body) == AuditEvent.model_validate_json(body)


def test_a_rejection_says_how_large_and_which_never_what():
    with pytest.raises(Rejected) as told:
        admit("evt-" + "0" * 32, b'{"secret": "of somebody"}')
    said = told.value.event(datetime(2026, 3, 1, tzinfo=UTC))
    assert told.value.reason is Reason.UNREADABLE
    assert "somebody" not in said.model_dump_json()
    assert said.metadata["size"] == 25
