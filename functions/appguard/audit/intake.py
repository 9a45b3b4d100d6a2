"""What the queue delivers, and which of it must be delivered again."""

from collections.abc import Mapping
from logging import Logger as StandardLogger
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from appguard.audit.sequencer import Sequencer
from appguard.kernel.errors import AppGuardError
from appguard.kernel.ids import EventId

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger

Failures = dict[str, list[dict[str, str]]]


class Message(BaseModel):
    """A queued event; its words are in the outbox."""

    event_id: EventId


def take(sequencer: Sequencer, event: Mapping[str, Any], logger: "Logger | StandardLogger") -> list[str]:
    """Append what an SQS event names; returns the message ids to deliver again.

    A message nobody can read or whose event nobody recorded fails until the queue sets it aside.
    One log's trouble does not hold up another's.
    """
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - the SDK is loaded on first use

    wanted: dict[str, EventId | None] = {}
    for record in event["Records"]:
        try:
            wanted[record["messageId"]] = Message.model_validate_json(record["body"]).event_id
        except ValidationError:
            wanted[record["messageId"]] = None
            logger.warning("unreadable message", extra={"message_id": record["messageId"]})
    taken: set[EventId] = set()
    for log, rows in sequencer.logs_of(filter(None, wanted.values())).items():
        try:
            sequencer.append(log, rows)
        except (AppGuardError, ClientError, BotoCoreError):
            logger.exception("log not advanced", extra={"log": log})
        else:
            taken.update(row.event_id for row in rows)
    return [message for message, event_id in wanted.items() if event_id not in taken]
