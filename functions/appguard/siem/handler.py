"""Entry points of delivery: one function for each destination, each with its own secret and rights."""

from datetime import timedelta
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from appguard.kernel.clock import utc_now
from appguard.siem.deliver import deliver
from appguard.siem.delivery import LAST_WORDS
from appguard.siem.lag import publish
from appguard.siem.model import DestinationName

logger = Logger(service="siem")
Answer = dict[str, Any]


@logger.inject_lambda_context
def splunk(_event: Answer, context: LambdaContext) -> Answer:
    """The schedule, or new events: bring Splunk up to date."""
    return _run(DestinationName.SPLUNK, context)


@logger.inject_lambda_context
def opensearch(_event: Answer, context: LambdaContext) -> Answer:
    """The schedule, or new events: bring OpenSearch up to date."""
    return _run(DestinationName.OPENSEARCH, context)


@logger.inject_lambda_context
def lake(_event: Answer, context: LambdaContext) -> Answer:
    """The schedule: write what has gathered."""
    return _run(DestinationName.LAKE, context)


def _run(name: DestinationName, context: LambdaContext) -> Answer:
    left = timedelta(milliseconds=context.get_remaining_time_in_millis())
    progress = deliver(name, utc_now() + left - LAST_WORDS)
    publish(progress)
    logger.info("delivered", extra={"progress": vars(progress)})
    return {**vars(progress), "batchItemFailures": []}
