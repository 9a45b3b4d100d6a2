from types import SimpleNamespace

import pytest

from appguard.kernel.event import Actor, AuditEvent, Resource, Role
from appguard.reports import handler
from tests.support.reported import END
from tests.unit.reports.test_order import asked

CONTEXT = SimpleNamespace(
    function_name="reports",
    memory_limit_in_mb=512,
    invoked_function_arn="arn:aws:lambda:us-east-1:123456789012:function:reports",
    aws_request_id="request",
)


@pytest.fixture
def making(monkeypatch):
    """Remembers what was to be made."""
    made = SimpleNamespace(orders=[], due=lambda: ["soc2-2026-03"])
    made.make = lambda orders: made.orders.extend(orders) or [order.report_id for order in orders]
    monkeypatch.setattr(handler, "making", lambda: made)
    return made


def test_an_order_is_made_as_it_was_given(making):
    order = asked(END.replace(month=3), END)
    assert handler.make({"order": order.model_dump(mode="json")}, CONTEXT) == [order.report_id]
    assert making.orders == [order]


def test_the_clock_makes_what_is_due(making):
    assert handler.make({"source": "aws.scheduler", "detail": "{}"}, CONTEXT) == ["soc2-2026-03"]
    assert making.orders == []


@pytest.mark.parametrize("order", [{"report_id": "../../3y/checkpoint"}, "soc2"])
def test_what_is_no_order_makes_nothing(making, order):
    with pytest.raises(ValueError, match="Order"):
        handler.make({"order": order}, CONTEXT)
    assert making.orders == []


def test_auditors_are_told_of_the_event_on_the_bus(monkeypatch):
    told = []
    monkeypatch.setattr(handler, "tell_auditors", lambda event, context: told.append(event))
    about = Resource(type="report", id="soc2-2026-03")
    event = AuditEvent.of("report.created", Actor(id="ada@example.com", role=Role.AUDITOR), about, END)
    detail = event.model_dump(mode="json", by_alias=True)
    handler.tell({"detail-type": event.action, "detail": detail}, CONTEXT)
    assert told == [event]
