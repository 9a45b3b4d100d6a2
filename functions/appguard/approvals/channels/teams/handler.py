"""Lambda entry point of Teams: events to be told there."""

from typing import Any

from aws_lambda_powertools import Logger

logger = Logger(service="teams")


@logger.inject_lambda_context
def tell(event: dict[str, Any], context: Any) -> Any:
    """Inbox: something happened to approvals. What cannot be told now comes again."""
    from appguard.approvals.channels.inbox import each  # noqa: PLC0415 - brings clients
    from appguard.approvals.channels.teams.poster import poster  # noqa: PLC0415

    return each(event, context, poster().follow)
