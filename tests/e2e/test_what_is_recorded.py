"""The closed list of actions against what the platform really recorded while all other tests ran on it."""

import json
from collections.abc import Mapping

import pytest

from appguard.kernel.actions import Action
from infra.local.story.ground import Ground, until
from tests.e2e.wholeness import not_whole

pytestmark = pytest.mark.e2e

NOT_HERE: Mapping[Action, str] = {}
"""What no end-to-end test brings about, and why."""


@pytest.fixture
def entries(request, ground) -> set[Action]:
    """The actions of all entries, once everything that is recorded by now has become one."""
    if why := not_whole(request.session):
        pytest.skip(f"all other end-to-end tests have to run first: {why}")
    recorded = set(rows(ground, "unsealed"))
    until(lambda: recorded.isdisjoint(rows(ground, "unsealed")), "what is recorded is in the ledger", 60)
    return {Action(json.loads(body)["action"]) for body in rows(ground, "entry_index").values()}


def rows(ground: Ground, having: str) -> dict[str, str]:
    """Bodies of outbox rows by their ids. The ledger's own bucket was tampered with by the tests before."""
    pages = (
        ground.client("dynamodb")
        .get_paginator("scan")
        .paginate(
            TableName=ground.outputs["OutboxTable"],
            ConsistentRead=True,
            FilterExpression=f"attribute_exists({having})",
            ProjectionExpression="pk, body",
        )
    )
    return {row["pk"]["S"]: row["body"]["S"] for page in pages for row in page["Items"]}


def test_every_action_of_the_list_becomes_an_entry_on_a_deployed_platform(entries):
    assert set(Action) - set(NOT_HERE) - entries == set()


def test_nothing_is_excused_that_does_occur(entries):
    assert entries & set(NOT_HERE) == set()
