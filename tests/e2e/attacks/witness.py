"""What an attack left behind: its answer, its entry in the ledger's outbox, the broker's log."""

import json
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx

from infra.local.story.ground import Ground, until

LOG = "/aws/lambda/appguard-connectors-serve"
REFUSED_BY_GATEWAY = 403
TELLING = 8  # shorter words stand in any text


@dataclass
class Witness:
    """Looks from outside, with all rights, at what happened since `since`."""

    ground: Ground
    secret: frozenset[str]
    since: float
    refused: set[str] = field(default_factory=set)
    """The events of all refusals so far, of all tests that share this set."""

    def begins(self) -> None:
        """What was before is of no interest."""
        self.since = time.time()

    def refusal(self, reply: httpx.Response, status: int, code: str, *sent: str) -> dict[str, Any]:
        """The entry of an attack the broker refused with this code, after making sure it told nothing.

        `sent` are words of the attack: not even they come back, or are written down.
        """
        assert (reply.status_code, _code(reply)) == (status, code), reply.text[:300]
        assert set(reply.json()["error"]) == {"code", "message", "remediation"}
        (entry,) = until(self.accesses, "the entry of the refusal", 5)
        assert (entry["result"], entry["metadata"]["code"]) == ("denied" if status < 500 else "failure", code)
        self.nothing_leaked(reply, *sent)
        self.refused.add(entry["event_id"])
        return entry

    def turned_away(self, reply: httpx.Response) -> None:
        """The gateway refused before any function of ours ran: it answers in its own words, and logs it."""
        assert reply.status_code == REFUSED_BY_GATEWAY, reply.text[:300]
        assert "rows" not in reply.text
        assert self.accesses() == []
        self.nothing_leaked(reply)

    def accesses(self) -> list[dict[str, Any]]:
        """The events of accesses to data, oldest first."""
        since = datetime.fromtimestamp(self.since, UTC).isoformat(timespec="microseconds")
        table = self.ground.client("dynamodb")
        found: list[dict[str, Any]] = []
        for page in table.get_paginator("scan").paginate(
            TableName=self.ground.outputs["OutboxTable"],
            FilterExpression="#at >= :since",
            ExpressionAttributeNames={"#at": "at"},
            ExpressionAttributeValues={":since": {"S": since}},
        ):
            found += [json.loads(item["body"]["S"]) for item in page["Items"]]
        about_data = [event for event in found if event["action"].startswith("data.")]
        return sorted(about_data, key=lambda event: event["timestamp"])

    def nothing_leaked(self, reply: httpx.Response, *sent: str) -> None:
        """Neither answer nor entry nor log holds data, a word of the database, or what was sent."""
        words = self.secret | {word for word in sent if len(word) > TELLING}
        places = {
            "answer": reply.text + str(reply.headers),
            "entry": json.dumps(self.accesses(), ensure_ascii=False),
            "log": self.log(),
        }
        for place, text in places.items():
            assert [word for word in words if word in text] == [], place

    def log(self) -> str:
        """What the broker printed."""
        pages = self.ground.client("logs").get_paginator("filter_log_events")
        events = pages.paginate(logGroupName=LOG, startTime=int(self.since * 1000))
        return "\n".join(event["message"] for page in events for event in page["events"])


def _code(reply: httpx.Response) -> str | None:
    try:
        return str(reply.json()["error"]["code"])
    except (ValueError, KeyError, TypeError):
        return None
