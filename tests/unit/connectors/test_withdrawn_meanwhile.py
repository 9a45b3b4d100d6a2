"""An access of seconds may outlive the grant it began with: then nothing leaves and nothing changes."""

from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from appguard.apps.model import Permit
from appguard.connectors.errors import NotGranted
from appguard.connectors.granted import GrantCache
from appguard.kernel.event import Result
from tests.unit.connectors.conftest import VERSION

TODAY = datetime.now(UTC).date()
DAY = str(TODAY + timedelta(days=70 - TODAY.weekday()))
LEAVE = {"leave_type": "unpaid", "starts_on": DAY, "ends_on": DAY}


@dataclass
class Slow:
    """A source that takes a while, during which something happens."""

    source: object
    happens: object

    @property
    def key(self):
        return self.source.key

    def read(self, *asked):
        result = self.source.read(*asked)
        self.happens()
        return result

    @contextmanager
    def write(self, *asked):
        with self.source.write(*asked) as changed:
            self.happens()
            yield changed


@pytest.fixture
def catalog(grants):
    """How often the catalog was asked, and what time it is."""
    return {"asked": 0, "now": 0.0, "grants": dict(grants)}


@pytest.fixture
def suspended_after(broker, catalog):
    """A broker whose sources take so many seconds, in which the app is suspended."""

    def permit(app_id):
        catalog["asked"] += 1
        found = catalog["grants"].get(app_id)
        return found and Permit(bundle_digest=VERSION, grants=found)

    def build(seconds):
        def happens():
            catalog["now"] += seconds
            catalog["grants"].clear()

        grants = GrantCache(permit, lambda: catalog["now"])
        return replace(
            broker,
            admission=replace(broker.admission, grants=grants),
            sources=lambda connector: Slow(broker.sources(connector), happens),
        )

    return build


def test_rows_of_an_access_that_ends_after_the_suspension_do_not_leave(suspended_after, ask, witness):
    with pytest.raises(NotGranted):
        suspended_after(5).query(ask("hr-db", "my_profile"))
    assert (witness.last.result, witness.last.metadata["code"]) == (Result.DENIED, "not_granted")
    assert "rows" not in witness.last.metadata
    assert "subjects" not in witness.last.metadata


def test_neither_does_a_file(suspended_after, ask, witness):
    file = {"format": "csv", "purpose": "Yearly report"}
    with pytest.raises(NotGranted):
        suspended_after(5).export(ask("hr-db", "headcount_by_department", body=file))
    assert "file" not in witness.last.metadata


def test_a_change_that_ends_after_the_suspension_is_rolled_back(suspended_after, broker, ask, witness):
    with pytest.raises(NotGranted):
        suspended_after(5).command(ask("hr-db", "request_leave", **LEAVE))
    assert [event.result for event in witness.events] == [Result.DENIED], "no success was recorded before"
    requests = broker.query(ask("hr-db", "my_leave_requests"))
    starts = [column.name for column in requests.columns].index("starts_on")
    assert DAY not in [row[starts] for row in requests.rows]


def test_a_short_access_asks_the_catalog_once(suspended_after, ask, catalog):
    assert suspended_after(2).query(ask("hr-db", "my_profile")).rows
    assert catalog["asked"] == 1
