"""Lambda entry points of Slack: events to be told there, an interaction to be answered here."""

import json
from base64 import b64decode
from typing import Any

from aws_lambda_powertools import Logger

from appguard.kernel.errors import AppGuardError

logger = Logger(service="slack")
Event = dict[str, Any]
OUR_FAULT = 500


@logger.inject_lambda_context
def tell(event: Event, context: Any) -> Any:
    """Inbox: something happened to approvals. What cannot be told now comes again."""
    from appguard.approvals.channels.inbox import each  # noqa: PLC0415 - brings clients
    from appguard.approvals.channels.slack.board import board  # noqa: PLC0415

    return each(event, context, board().follow)


@logger.inject_lambda_context
def answer(event: Event, _: Any) -> Event:
    """HTTP API: somebody pressed a button. What is our fault is raised, so that an alarm rings."""
    from appguard.approvals.channels.slack.desk import desk  # noqa: PLC0415 - brings clients

    try:
        said = desk().answer(_body(event), event["headers"])
    except AppGuardError as error:
        if error.status >= OUR_FAULT:
            raise
        logger.warning("refused", code=error.code)
        return _response(error.status, error.as_dict())
    return _response(200, said)


def _body(event: Event) -> str:
    """The body as it was signed."""
    body: str = event.get("body") or ""
    return b64decode(body).decode(errors="replace") if event.get("isBase64Encoded") else body


def _response(status: int, said: Event | None) -> Event:
    headers = {"cache-control": "no-store", "content-type": "application/json"}
    return {"statusCode": status, "headers": headers, "body": "" if said is None else json.dumps(said)}
