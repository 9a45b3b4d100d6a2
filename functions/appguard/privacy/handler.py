"""Entry points about persons: one function answers, one forgets, and no other reads or deletes a key."""

from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from appguard.kernel.errors import AppGuardError
from appguard.privacy.model import Decision, Inquiry

logger = Logger(service="privacy")
Event = dict[str, Any]


@logger.inject_lambda_context
def answer(event: Event, _: LambdaContext) -> Event:
    """Who saw a person's data; an error as its machine-readable form."""
    from appguard.privacy.inquiries import inquiries  # noqa: PLC0415 - keep the cold start's first step short

    try:
        return inquiries().answer(Inquiry.model_validate(event)).model_dump(mode="json")
    except AppGuardError as error:
        return dict(error.as_dict())


@logger.inject_lambda_context
def decide(event: Event, _: LambdaContext) -> Event:
    """Ask that a person be forgotten, forget, hold, release; an error as its machine-readable form."""
    from appguard.privacy.forgetting import forgetting  # noqa: PLC0415 - as above

    try:
        forgetting().decide(Decision.model_validate(event))
    except AppGuardError as error:
        return dict(error.as_dict())
    return {}
