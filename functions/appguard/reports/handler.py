"""Entry point of the scheduled report."""

from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from appguard.reports.make import make

logger = Logger(service="reports")


@logger.inject_lambda_context
def compliance(event: dict[str, Any], _: LambdaContext) -> dict[str, Any]:
    """Write the compliance report over the last `days` (31 unless the schedule says otherwise)."""
    made = make(int(event.get("days", 31)))
    logger.info("report written", extra=made)
    return made
