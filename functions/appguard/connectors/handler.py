"""Lambda entry point of the connector API, behind the gateway's IAM authorizer."""

import base64
import json
import re
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from appguard.kernel.errors import AppGuardError, NotFound

if TYPE_CHECKING:
    from appguard.connectors.exports.file import Export

logger = Logger()

_PATH = re.compile(
    r"(?:/[^/]+)?/connectors/(?P<connector>[^/]+)/"
    r"(?:commands/(?P<command>[^/]+)|queries/(?P<query>[^/]+)(?P<export>/export)?)"
)
_SERVER_ERROR = 500
_HEADERS = {"cache-control": "no-store", "x-content-type-options": "nosniff"}

Event = dict[str, Any]


@logger.inject_lambda_context
def serve(event: Event, _context: LambdaContext) -> Event:
    """Answer one HTTP request (payload format 2.0)."""
    try:
        answer = _answer(event)
    except AppGuardError as error:
        return _refusal(error, error.__cause__)
    except Exception as error:
        return _refusal(AppGuardError("The broker failed; nothing is returned."), error)
    logger.info("answered", bytes=len(answer["body"]))
    return answer


def _answer(event: Event) -> Event:
    """Route to query, export or command."""
    from appguard.connectors.admission import Call  # noqa: PLC0415 - keep the cold start's first step short
    from appguard.connectors.assembly import broker  # noqa: PLC0415

    context = event["requestContext"]
    path = _PATH.fullmatch(event["rawPath"])
    if context["http"]["method"] != "POST" or path is None:
        raise NotFound("there is nothing here", "POST to /connectors/{name}/queries/{query}.")
    call = Call(
        role=context.get("authorizer", {}).get("iam", {}).get("userArn") or "",
        account=context["accountId"],
        token=event["headers"].get("x-appguard-user-token", ""),
        connector=path["connector"],
        operation=path["command"] or path["query"],
        body=_body(event),
    )
    if path["command"]:
        return _response(200, json.dumps({"affected": broker().command(call)}))
    if path["export"]:
        return _file(broker().export(call))
    return _response(200, broker().query(call).json)


def _body(event: Event) -> bytes:
    """The body's bytes, whichever way the gateway passed them on."""
    body: str = event.get("body") or ""
    return base64.b64decode(body) if event.get("isBase64Encoded") else body.encode(errors="replace")


def _response(status: int, body: str, kind: str = "application/json", **headers: str) -> Event:
    return {"statusCode": status, "headers": {**_HEADERS, "content-type": kind, **headers}, "body": body}


def _file(export: "Export") -> Event:
    """A file to keep. In base64 whatever its format: so the gateway passes on its very bytes."""
    headers = {
        "content-disposition": f'attachment; filename="{export.name}"',
        "x-appguard-ledger-entry": export.mark.entry,
    }
    body = base64.b64encode(export.content).decode()
    return _response(200, body, export.media_type, **headers) | {"isBase64Encoded": True}


def _refusal(error: AppGuardError, cause: BaseException | None) -> Event:
    """The answer, and one line with its code.

    Of a cause only the kind is logged: its words may be the database's, and hold data.
    """
    log = logger.error if error.status >= _SERVER_ERROR else logger.info
    log(
        "refused",
        code=error.code,
        status=error.status,
        cause=type(cause).__name__ if cause else None,
        sqlstate=getattr(cause, "sqlstate", None),
    )
    return _response(error.status, json.dumps(error.as_dict()))
