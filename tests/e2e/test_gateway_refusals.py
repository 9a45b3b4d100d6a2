"""A line of the gateway's access log becomes an entry.

The emulator's gateway writes no access log, so the line is written in its place; everything behind the
log is walked.
"""

import json
import time
from datetime import UTC, datetime

import pytest

from appguard.audit.reader import in_bucket
from infra.local.story.ground import until

pytestmark = pytest.mark.e2e

GROUP, STREAM = "/aws/apigateway/appguard-connectors", "as-the-gateway-writes"


def test_what_the_gateway_refused_is_in_the_ledger_once_a_minute(ground):
    logs = ground.client("logs")
    logs.create_log_stream(logGroupName=GROUP, logStreamName=STREAM)
    request = f"e2e{int(time.time())}ESHA="
    line = {
        "requestId": request,
        "time": datetime.now(UTC).strftime("%d/%b/%Y:%H:%M:%S +0000"),
        "route": "POST /connectors/{name}/queries/{query}",
        "status": "403",
        "integration": "-",
        "ip": "203.0.113.77",
        "caller": "-",
        "milliseconds": "2",
        "error": "Forbidden",
    }
    at = int(time.time() * 1000)
    logs.put_log_events(
        logGroupName=GROUP,
        logStreamName=STREAM,
        logEvents=[{"timestamp": at + n, "message": json.dumps(line)} for n in range(3)],
    )
    ledger = in_bucket(ground.client("s3"), ground.outputs["LedgerBucket"])

    def found():
        told = (entry.event for entry in ledger.entries())
        return [event for event in told if event.metadata.get("request_id") == request]

    [entry] = until(found, "the refusal's entry", 60)
    assert (entry.action, entry.result) == ("access.denied", "denied")
    assert entry.metadata["network"] == "203.0.113.0/24"
    assert entry.metadata["requests"] in {2, 3}, "three, or the minute ended between them"
