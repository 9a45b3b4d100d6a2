"""Lambda entry point for submissions from Git: a CI run's token and a zip in, the state of the review out."""

import base64
import binascii
import json
from typing import Any

from aws_lambda_powertools import Logger

from appguard.apps.archive import MAX_ARCHIVE
from appguard.kernel.errors import AppGuardError, Invalid, NotFound, TooLarge
from appguard.kernel.ids import AppId
from appguard.reviews.model import Refused, Review
from appguard.submissions.model import plain_folder
from appguard.submissions.settings import SubmissionSettings

logger = Logger(service="submissions")
Event = dict[str, Any]
HEADERS = {"cache-control": "no-store", "x-content-type-options": "nosniff"}


@logger.inject_lambda_context
def receive(event: Event, _: Any) -> Event:
    """Answer one POST (payload format 2.0)."""
    try:
        return _response(202, _answer(event))
    except AppGuardError as error:
        logger.info("refused", code=error.code, cause=str(error.__cause__ or "")[:200])
        return _response(error.status, error.as_dict())
    except Exception:
        logger.exception("unexpected error")
        return _response(500, AppGuardError("Something went wrong on our side").as_dict())


def _answer(event: Event) -> Event:
    from appguard.submissions.submit import submissions  # noqa: PLC0415 - brings clients

    scheme, _, token = event["headers"].get("authorization", "").partition(" ")
    review = submissions().receive(
        token.strip() if scheme.lower() == "bearer" else "", _app(event), _folder(event), _body(event)
    )
    logger.info("received", app_id=review.app_id, review_id=review.review_id)
    return _said(review)


def _said(review: Review) -> Event:
    return {
        "review_id": review.review_id,
        "state": review.state,
        "page": f"{SubmissionSettings.from_env().portal}/my/{review.app_id}",
        "reasons": list(review.reasons) if isinstance(review, Refused) else [],
    }


def _app(event: Event) -> AppId:
    try:
        return AppId(event["pathParameters"]["app_id"])
    except ValueError:
        raise NotFound("there is no such app") from None


def _folder(event: Event) -> str:
    try:
        return plain_folder((event.get("queryStringParameters") or {}).get("folder", ""))
    except ValueError as error:
        raise Invalid(f"folder: {error}") from None


def _body(event: Event) -> bytes:
    """The archive, which the gateway hands on in base64."""
    body: str = event.get("body") or ""
    if len(body) > 2 * MAX_ARCHIVE:
        raise TooLarge(f"the archive is larger than {MAX_ARCHIVE:,} bytes")
    try:
        return base64.b64decode(body, validate=True) if event.get("isBase64Encoded") else b""
    except binascii.Error:
        raise Invalid("the body is not an archive") from None


def _response(status: int, said: Event) -> Event:
    headers = {**HEADERS, "content-type": "application/json"}
    return {"statusCode": status, "headers": headers, "body": json.dumps(said)}
