"""Lambda entry points of operations."""

from typing import Any

from aws_lambda_powertools import Logger

from appguard.kernel.due import Due
from appguard.kernel.event import AuditEvent
from appguard.operations import operations

logger = Logger(service="operations")
Event = dict[str, Any]


@logger.inject_lambda_context
def sweep(event: Event, _: Any) -> Event:
    """Schedule: retire, suspend and let expire what is due."""
    return operations.sweep().run(Due.model_validate(event).time.date()).model_dump(mode="json")


@logger.inject_lambda_context(correlation_id_path="detail.trace_id")
def recheck(_event: Event, _: Any) -> Event:
    """EventBridge, `advisories.synced`: more may be known about the packages of apps in use."""
    return {"news": operations.recheck().run()}


@logger.inject_lambda_context(correlation_id_path="detail.trace_id")
def touch(event: Event, _: Any) -> None:
    """EventBridge, `data.*`: an app was used."""
    operations.usage().touch(AuditEvent.model_validate(event["detail"]))
