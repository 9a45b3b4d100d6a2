from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError

from appguard.kernel.event import Actor, Role
from appguard.reports.catalogue import Every, FrameworkName, catalogue
from appguard.reports.model import Period
from appguard.reports.order import Order, due, month_to

AUDITOR = Actor(id="ada@example.com", role=Role.AUDITOR)
NOW = datetime(2026, 4, 2, 5, 30, tzinfo=UTC)


def asked(since, until, at=NOW) -> Order:
    return Order.asked(FrameworkName.SOC2, Period(since=since, until=until), AUDITOR, at)


def test_when_a_month_is_over_its_report_is_due_for_each_framework():
    orders = list(due(catalogue(), NOW))
    assert [order.report_id for order in orders] == ["soc2-2026-03", "iso27001-2026-03", "nist80053-2026-03"]
    assert orders[0].period == month_to(datetime(2026, 3, 31, tzinfo=UTC))


def test_a_week_goes_from_monday_to_monday():
    known = catalogue()
    weekly = known.frameworks[FrameworkName.SOC2].model_copy(update={"every": (Every.WEEK,)})
    [order] = due(known.model_copy(update={"frameworks": {FrameworkName.SOC2: weekly}}), NOW)
    assert order.report_id == "soc2-2026-w13"
    assert (order.period.since.day, order.period.until.day) == (23, 30)


def test_each_wish_is_a_report_of_its_own_and_the_same_wish_the_same():
    since, until = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)
    first = asked(since, until)
    assert first == asked(since, until)
    assert first.report_id.startswith("soc2-2026-03-31-")
    assert first.report_id != asked(since, until, NOW + timedelta(seconds=1)).report_id


@pytest.mark.parametrize("days", [0, -3, 4 * 366])
def test_a_period_is_neither_empty_nor_endless(days):
    with pytest.raises(ValidationError):
        asked(NOW, NOW + timedelta(days=days))
