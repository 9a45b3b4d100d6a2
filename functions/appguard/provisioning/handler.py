"""Lambda entry points of provisioning."""

from typing import Any

from aws_lambda_powertools import Logger

from appguard.provisioning.provisioner import provisioner
from appguard.reviews.model import Approved, Stage, StepInput
from appguard.reviews.reviews import reviews

logger = Logger(service="provisioning")
Event = dict[str, Any]


def attested(review: Approved) -> None:
    """Raise unless the review's bundle carries an attestation that lets it run."""
    from appguard.provenance.accept import acceptance  # noqa: PLC0415 - one step asks, and has the settings

    acceptance().recorded(review)


@logger.inject_lambda_context(correlation_id_path="execution")
def provision(event: Event, _: Any) -> Event:
    """Step `Provision`: build the archive, start the stack, of nothing but what is attested."""
    step = StepInput.model_validate(event)
    attested(reviews().to_run(step))
    provisioner().provision(step.app_id, step.bundle_digest, step.execution)
    return {"status": "working"}


@logger.inject_lambda_context(correlation_id_path="execution")
def status(event: Event, _: Any) -> Event:
    """Step `CheckProvisioned`: whether the stack is there, with its limits in force."""
    step = StepInput.model_validate(event)
    reviews().to_run(step)
    progress = provisioner().status(step.app_id, step.bundle_digest)
    if progress.status == "ready":
        reviews().reach(step, Stage.PROVISIONED)
    return {"status": progress.status, "reason": progress.reason}


@logger.inject_lambda_context(correlation_id_path="execution")
def smoke_test(event: Event, _: Any) -> Event:
    """Step `SmokeTest`: the app answers."""
    step = StepInput.model_validate(event)
    provisioner().smoke_test(step.app_id)
    reviews().reach(step, Stage.TESTED)
    return {"status": "ok"}


@logger.inject_lambda_context(correlation_id_path="execution")
def undo(event: Event, _: Any) -> None:
    """Step `Undo`: what a failed run built is taken back; its record comes after."""
    step = StepInput.model_validate(event)
    provisioner().undo(step.app_id, f"undo-{step.execution}")
