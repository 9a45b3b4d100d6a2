"""Lambda entry point of provenance."""

from typing import Any

from aws_lambda_powertools import Logger

from appguard.provenance.attest import attest as attester
from appguard.reviews.model import StepInput

logger = Logger(service="provenance")
Event = dict[str, Any]


@logger.inject_lambda_context(correlation_id_path="execution")
def attest(event: Event, _: Any) -> Event:
    """Step `Attest`: sign how the bundle came to be approved."""
    review = attester().attest(StepInput.model_validate(event))
    return {"state": review.state, "attestation": review.attestation}
