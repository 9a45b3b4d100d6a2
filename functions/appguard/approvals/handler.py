"""Lambda entry points of approvals."""

from typing import Any

from aws_lambda_powertools import Logger

from appguard.approvals.approvals import approvals
from appguard.approvals.ask import ask as ask_reviewers
from appguard.approvals.notify import follow
from appguard.kernel.event import AuditEvent
from appguard.reviews.model import StepInput

logger = Logger(service="approvals")
Event = dict[str, Any]


@logger.inject_lambda_context(correlation_id_path="step.execution")
def ask(event: Event, _: Any) -> None:
    """Step `AskApproval`. An error goes to the run as a task failure: some runners ignore what we raise."""
    try:
        ask_reviewers(StepInput.model_validate(event["step"]), event["task_token"])
    except Exception as error:
        logger.exception("the reviewers could not be asked")
        approvals().give_up(event["task_token"], type(error).__name__)


@logger.inject_lambda_context(correlation_id_path="detail.trace_id")
def notify(event: Event, context: Any) -> None:
    """EventBridge: an audit event somebody waits for."""
    follow(AuditEvent.model_validate(event["detail"]), context)
