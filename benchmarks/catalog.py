"""The catalog page over ten thousand apps: what a request takes the portal, reading included."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from appguard.apps.catalog import catalog
from appguard.apps.store import card_item
from appguard.kernel.clock import utc_now
from appguard.kernel.event import Role
from appguard.kernel.ids import PersonId
from appguard.kernel.person import Person
from appguard.portal.http import Request
from appguard.portal.model import Session
from appguard.portal.views.catalog import show
from benchmarks.measure import Measurement, seconds
from infra.local.platform import up
from infra.local.story.ground import ACCOUNT_KEYS, Ground
from tests.support.cards import card
from tests.support.tables import catalog_and_outbox

APPS, ROUNDS, AT_ONCE = 10_000, 15, 25
ASKED = {
    "all": {"state": "any"},
    "two words": {"state": "any", "q": "leave desk"},
    "three facets": {"team": "Team 7", "tier": "high", "connector": "hr-db"},
    "by risk": {"state": "any", "sort": "risk"},
}


def measure() -> Iterator[Measurement]:
    """Wall time in this process, which stands for the function's: all but the gateway's part."""
    ground = Ground(up())
    with _table_of_cards(ground.client("dynamodb")), _environment(ground.endpoint):
        first = seconds(_cold, 1)
        yield Measurement("catalog: first look of a process at 10,000 apps", round(first, 2), "s", 3)
        for what, query in ASKED.items():
            took = seconds(lambda query=query: show(_request(query)), ROUNDS)  # type: ignore[misc]
            yield Measurement(f"catalog: 10,000 apps, {what}", round(took * 1000), "ms", 100)
    catalog.cache_clear()


def _cold() -> None:
    catalog.cache_clear()
    catalog().cards()


def _request(query: dict[str, str]) -> Request:
    now, ada = utc_now(), Person(id=PersonId("ada"), email="ada@example.com", name="Ada")
    session = Session(person=ada, signed_in_at=now, seen_at=now)
    return Request("GET", "/catalog", query=query, session=session, roles=frozenset({Role.AUDITOR}))


@contextmanager
def _table_of_cards(dynamodb: Any) -> Iterator[None]:
    """Tables of their own, so that nobody's platform is filled with made-up apps."""
    catalog_and_outbox(dynamodb)
    try:
        for start in range(0, APPS, AT_ONCE):
            dynamodb.batch_write_item(
                RequestItems={"catalog": [_put(number) for number in range(start, start + AT_ONCE)]}
            )
        yield
    finally:
        for name in ("catalog", "outbox"):
            dynamodb.delete_table(TableName=name)


def _put(number: int) -> dict[str, Any]:
    return {"PutRequest": {"Item": {name: {"S": value} for name, value in card_item(card(number)).items()}}}


@contextmanager
def _environment(endpoint: str) -> Iterator[None]:
    before = dict(os.environ)
    os.environ |= {
        **{name.upper(): value for name, value in ACCOUNT_KEYS.items() if name != "region_name"},
        "AWS_DEFAULT_REGION": ACCOUNT_KEYS["region_name"],
        "AWS_ENDPOINT_URL": endpoint,
        "CATALOG_TABLE": "catalog",
        "OUTBOX_TABLE": "outbox",
        "ARTIFACTS_BUCKET": "none",
    }
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
