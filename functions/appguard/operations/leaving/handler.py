"""Lambda entry point for apps of those who left, apart from others: it needs nothing but the catalog."""

from typing import Any

from aws_lambda_powertools import Logger

from appguard.apps.catalog import catalog
from appguard.kernel.event import AuditEvent
from appguard.operations.leaving.leavers import Leavers

logger = Logger(service="operations")
Event = dict[str, Any]


@logger.inject_lambda_context(correlation_id_path="detail.trace_id")
def follow(event: Event, _: Any) -> Event:
    """EventBridge, `person.deactivated` and `person.reactivated`: somebody left, or is back."""
    return {"apps": Leavers(catalog()).follow(AuditEvent.model_validate(event["detail"]))}
