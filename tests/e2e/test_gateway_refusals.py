"""What the access log of the gateway delivers becomes an entry of the ledger.

The emulator's gateway writes no access log and its filters know no patterns of JSON: the delivery is made
by hand, and everything behind it is walked.
"""

import time

import pytest

from appguard.audit.reader import in_bucket
from infra.local.story.ground import until
from tests.support.log_delivery import UNSIGNED, delivery

pytestmark = pytest.mark.e2e


def test_what_the_gateway_refused_is_in_the_ledger_once_a_minute(ground):
    at = int(time.time() * 1000)
    request = f"e2e{at}ESHA="
    event = delivery(*[{**UNSIGNED, "requestId": request}] * 3, at=at)
    for _ in range(2):
        ground.invoke("appguard-audit-note-refusals", event)
    ledger = in_bucket(ground.client("s3"), ground.outputs["LedgerBucket"])

    def found():
        told = (entry.event for entry in ledger.entries())
        return [event for event in told if event.metadata.get("request_id") == request]

    [entry] = until(found, "the refusal's entry", 60)
    assert (entry.action, entry.result) == ("access.denied", "denied")
    assert (entry.metadata["network"], entry.metadata["requests"]) == ("203.0.113.0/24", 3)
