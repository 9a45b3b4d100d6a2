from datetime import UTC, datetime, timedelta, timezone

import pytest

from appguard.audit.canonical import MAX_EVENT_BYTES, canonical, is_canonical
from appguard.kernel.errors import Invalid, TooLarge
from appguard.kernel.event import AuditEvent


def test_the_same_event_has_the_same_bytes_whatever_the_order_and_zone(event):
    one = event(a=1, b=2)
    tokyo = timezone(timedelta(hours=9))
    other = event(b=2, a=1).model_copy(update={"timestamp": one.timestamp.astimezone(tokyo)})
    assert canonical(one) == canonical(other)


def test_the_bytes_read_back_as_the_event(event):
    assert AuditEvent.model_validate_json(canonical(event(rows=3, nothing=None))) == event(
        rows=3, nothing=None
    )


def test_an_event_larger_than_the_limit_is_refused_naming_it(event):
    with pytest.raises(TooLarge, match=str(MAX_EVENT_BYTES)):
        canonical(event(text="x" * MAX_EVENT_BYTES))


@pytest.mark.parametrize("value", [float("nan"), 2**60, "\ud800"])
def test_what_has_no_canonical_form_is_refused(event, value):
    with pytest.raises(Invalid):
        canonical(event(value=value))


def test_time_stamps_are_written_in_utc(event):
    body = canonical(event().model_copy(update={"timestamp": datetime(2026, 1, 1, tzinfo=UTC)}))
    assert b'"timestamp":"2026-01-01T00:00:00Z"' in body


@pytest.mark.parametrize(
    ("body", "canonical"),
    [
        (b'{"a":1,"b":[0.5,1e+30]}', True),
        (b'{"b":1,"a":1}', False),
        (b'{"a":1,"a":1}', False),
        (b'{"a": 1}', False),
        (b'{"a":0.50}', False),
        (b'{"a":1.0}', False),
        ('{"€":"ä"}'.encode(), True),
        (b'{"\\u20ac":1}', False),
        (b'{"a":9007199254740992,"b":0.5}', True),
        (b'{"a":9007199254740993,"b":0.5}', False),
    ],
)
def test_one_form_alone_is_canonical(body, canonical):
    assert is_canonical(body) is canonical
