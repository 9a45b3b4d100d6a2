"""Lambda entry point of reminders."""

from typing import Any

from aws_lambda_powertools import Logger

from appguard.approvals.reminding.reminders import reminders
from appguard.kernel.due import Due

logger = Logger(service="approvals")
Event = dict[str, Any]


@logger.inject_lambda_context
def run(event: Event, _: Any) -> Event:
    """Schedule: tell people again what has waited for them long enough."""
    return {"told": reminders().run(Due.model_validate(event).time)}
