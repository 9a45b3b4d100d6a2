"""Events about approvals as a channel's inbox hands them over: some may fail, all others count."""

import json
from collections.abc import Callable
from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response

from appguard.kernel.event import AuditEvent


def each(batch: dict[str, Any], context: Any, follow: Callable[[AuditEvent], None]) -> Any:
    """`follow` every event; answers with the messages that have to come again, raises where all have to."""

    def told(record: dict[str, Any]) -> None:
        follow(AuditEvent.model_validate(json.loads(record["body"])["detail"]))

    return process_partial_response(
        event=batch, record_handler=told, processor=BatchProcessor(EventType.SQS), context=context
    )
