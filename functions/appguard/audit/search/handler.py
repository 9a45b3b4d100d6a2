"""Lambda entry points of the auditors' search."""

from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from appguard.audit.search import here
from appguard.audit.search.lag import publish
from appguard.kernel.errors import AppGuardError

logger = Logger(service="audit")
TIME_TO_END = 60_000
"""Milliseconds a segment takes at most, so that none is begun for nothing."""
TIME_TO_ANSWER = 18_000
"""Milliseconds left when a page of hits goes out as it is, ten seconds after it was asked for."""


@logger.inject_lambda_context
def index(_event: dict[str, Any], context: LambdaContext) -> Mapping[str, float]:
    """Bring the search's index up to what is signed."""
    progress = here.update_index(lambda: context.get_remaining_time_in_millis() < TIME_TO_END)
    publish(progress)
    logger.info("indexed", extra=progress._asdict())
    return progress._asdict()


@logger.inject_lambda_context
def answer(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """A page of hits, or one entry with its proof; an error as its machine-readable form."""
    try:
        return here.answer(event, lambda: context.get_remaining_time_in_millis() < TIME_TO_ANSWER)
    except AppGuardError as error:
        return dict(error.as_dict())
