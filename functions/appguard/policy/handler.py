"""Lambda entry point: compare two versions of the policies, for as long as it takes."""

from typing import Any

from aws_lambda_powertools import Logger

from appguard.gates.replay import active_inputs
from appguard.policy.comparison import Asked
from appguard.policy.comparisons import comparisons

logger = Logger(service="policy")


@logger.inject_lambda_context
def compare(event: dict[str, Any], _: Any) -> None:
    """Invoked by the portal, which does not wait for it."""
    asked = Asked.model_validate(event)
    comparisons().run(asked, active_inputs)
    logger.info("policies compared", before=asked.before, after=asked.after)
