"""Lambda entry points of the review state machine's steps that move the review itself."""

from typing import Any

from aws_lambda_powertools import Logger

from appguard.reviews.ended import RunEnded
from appguard.reviews.model import StepInput
from appguard.reviews.steps import Failure, Judgement, steps

logger = Logger(service="reviews")
Event = dict[str, Any]


@logger.inject_lambda_context(correlation_id_path="execution")
def classify(event: Event, _: Any) -> Event:
    """Step `Classify`: how risky it is, and why."""
    return steps().classify(StepInput.model_validate(event)).model_dump(mode="json")


@logger.inject_lambda_context(correlation_id_path="execution")
def decide(event: Event, _: Any) -> Event:
    """Step `Decide`: refused, needs_approval or clear."""
    failed = [gate["gate"] for gate in event["gates"] if gate.get("failed")]
    decision = steps().decide(StepInput.model_validate(event), failed)
    return {"decision": decision.value, "failed_gates": failed}


@logger.inject_lambda_context(correlation_id_path="execution")
def approve(event: Event, _: Any) -> Event:
    """Step `Approve`: nothing speaks against it any more."""
    return _state(steps().approve(StepInput.model_validate(event), Judgement.read(event["judgement"])))


@logger.inject_lambda_context(correlation_id_path="execution")
def refuse(event: Event, _: Any) -> Event:
    """Step `Refuse`: not this version, and why."""
    return _state(steps().refuse(StepInput.model_validate(event), Judgement.read(event["judgement"])))


@logger.inject_lambda_context(correlation_id_path="execution")
def expire(event: Event, _: Any) -> Event:
    """Step `Expire`: nobody decided in time."""
    return _state(steps().expire(StepInput.model_validate(event)))


@logger.inject_lambda_context(correlation_id_path="execution")
def fail(event: Event, _: Any) -> Event:
    """Step `Fail`: record which step did not work."""
    failure = Failure.model_validate(event["failure"])
    logger.error("a step of the review failed", step=failure.step, error=failure.error, cause=failure.cause)
    return _state(steps().fail(StepInput.model_validate(event), failure))


@logger.inject_lambda_context(correlation_id_path="execution")
def publish(event: Event, _: Any) -> Event:
    """Step `Publish`: employees may use it."""
    return _state(steps().publish(StepInput.model_validate(event)))


@logger.inject_lambda_context(correlation_id_path="id")
def ended(event: Event, _: Any) -> None:
    """EventBridge, `Step Functions Execution Status Change`: a run died without recording its end."""
    RunEnded.model_validate(event["detail"]).record(steps())


def _state(review: Any) -> Event:
    return {"state": review.state, "review_id": str(review.review_id)}
