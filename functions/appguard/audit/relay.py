"""From the outbox's stream to the ledger's queue and the event bus; at least once, in any order."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from appguard.audit.outbox import ROW

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_sqs import SQSClient

SOURCE = "appguard"
CALL = 10  # both services take ten in one call


@dataclass(frozen=True)
class Delivery:
    """One new row of the outbox, as the stream delivered it."""

    sequence_number: str
    event_id: str
    log: str
    body: str

    @property
    def message(self) -> str:
        """What the queue carries: the body stays in the outbox, where nobody can forge it."""
        return json.dumps({"event_id": self.event_id, "retention_class": self.log})


def deliveries(stream: Mapping[str, Any]) -> Iterator[Delivery]:
    """The rows a DynamoDB stream event brings; changes of rows are none of our business."""
    for record in stream["Records"]:
        image = record["dynamodb"].get("NewImage", {})
        if record["eventName"] == "INSERT" and image.get("sk") == {"S": ROW}:
            yield Delivery(
                record["dynamodb"]["SequenceNumber"],
                image["pk"]["S"],
                image["retention_class"]["S"],
                image["body"]["S"],
            )


class Relay:
    """Sends new events on."""

    def __init__(self, sqs: "SQSClient", queue_url: str, events: "EventBridgeClient", bus: str) -> None:
        """The queue feeds the ledger, the bus everybody else."""
        self._sqs = sqs
        self._queue_url = queue_url
        self._events = events
        self._bus = bus

    def send(self, batch: Sequence[Delivery]) -> list[str]:
        """Send each to both; returns the sequence numbers of those that did not get through."""
        failed: list[str] = []
        for at in range(0, len(batch), CALL):
            some = batch[at : at + CALL]
            unsent = self._to_queue(some) | self._to_bus(some)
            failed += [some[position].sequence_number for position in sorted(unsent)]
        return failed

    def _to_queue(self, some: Sequence[Delivery]) -> set[int]:
        answer = self._sqs.send_message_batch(
            QueueUrl=self._queue_url,
            Entries=[{"Id": str(n), "MessageBody": one.message} for n, one in enumerate(some)],
        )
        return {int(failure["Id"]) for failure in answer.get("Failed", ())}

    def _to_bus(self, some: Sequence[Delivery]) -> set[int]:
        answer = self._events.put_events(
            Entries=[
                {
                    "Source": SOURCE,
                    "DetailType": json.loads(one.body)["action"],
                    "Detail": one.body,
                    "EventBusName": self._bus,
                }
                for one in some
            ]
        )
        return {n for n, entry in enumerate(answer["Entries"]) if "ErrorCode" in entry}
