"""Lambda entry points of reports."""

from typing import Any

from aws_lambda_powertools import Logger

from appguard.kernel.event import AuditEvent
from appguard.reports.make import making
from appguard.reports.order import Order
from appguard.reports.tell import tell as tell_auditors

logger = Logger(service="reports")


@logger.inject_lambda_context
def make(event: dict[str, Any], _: Any) -> list[str]:
    """Make the report that was ordered, or, by the clock, those that are due."""
    order = event.get("order")
    made = making().make([Order.model_validate(order)]) if order else making().due()
    logger.info("reports made", extra={"reports": made})
    return made


@logger.inject_lambda_context(correlation_id_path="detail.trace_id")
def tell(event: dict[str, Any], context: Any) -> None:
    """EventBridge: a report was made, and auditors are told."""
    tell_auditors(AuditEvent.model_validate(event["detail"]), context)
