"""Lambda entry point of the SCIM service: an HTTP API event in, a resource or an error of SCIM out."""

import json
from base64 import b64decode
from typing import Any

from aws_lambda_powertools import Logger

from appguard.audit.outbox import outbox
from appguard.directory.errors import TokenRefused
from appguard.directory.events import token_refused
from appguard.directory.scim.asked import Answer, Asked
from appguard.directory.scim.service import refusal, service
from appguard.directory.settings import ROOT, ScimSettings
from appguard.directory.token import gate
from appguard.kernel.clock import utc_now
from appguard.kernel.errors import AppGuardError

logger = Logger(service="directory")
Event = dict[str, Any]
MAX_BODY = 1_000_000
OURS = "something went wrong on our side"
HEADERS = {
    "content-type": "application/scim+json",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
}


@logger.inject_lambda_context
def scim(event: Event, _: Any) -> Event:
    """Answer one request (payload format 2.0)."""
    try:
        answer = _answer(event)
    except TokenRefused as error:
        outbox().record(token_refused(utc_now()))
        answer = refusal(error.status, error.message)
    except AppGuardError as error:
        logger.exception("cannot answer", code=error.code)
        answer = refusal(500, OURS)
    except Exception:
        logger.exception("unexpected error")
        answer = refusal(500, OURS)
    logger.info("answered", method=_method(event), status=answer.status)
    return _response(answer)


def _answer(event: Event) -> Answer:
    gate().demand(event["headers"].get("authorization", ""))
    body = event.get("body") or ""
    if len(body) > 2 * MAX_BODY:
        return refusal(413, f"the body is larger than {MAX_BODY:,} bytes")
    text = b64decode(body).decode(errors="replace") if event.get("isBase64Encoded") else body
    query = dict(event.get("queryStringParameters") or {})
    path = event["rawPath"].partition(ROOT)[2]
    return service().answer(Asked(_method(event), path, ScimSettings.from_env().at, query, text))


def _response(answer: Answer) -> Event:
    headers = dict(HEADERS)
    if answer.status == 201 and answer.body:  # noqa: PLR2004 - RFC 7644, 3.3
        headers["location"] = answer.body["meta"]["location"]
    body = "" if answer.body is None else json.dumps(answer.body)
    return {"statusCode": answer.status, "headers": headers, "body": body}


def _method(event: Event) -> str:
    return str(event["requestContext"]["http"]["method"])
