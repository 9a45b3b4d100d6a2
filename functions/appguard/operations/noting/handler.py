"""Lambda entry points that make entries of what happens to the platform itself."""

from typing import Any

from aws_lambda_powertools import Logger

from appguard.audit.outbox import outbox
from appguard.operations.noting.deployed import Deployed
from appguard.operations.noting.deployments import Deployments, StackChanged
from appguard.operations.noting.failures import Failures

logger = Logger(service="operations")
Event = dict[str, Any]


@logger.inject_lambda_context
def deployment(event: Event, _: Any) -> None:
    """EventBridge, from CloudFormation: the platform was deployed."""
    Deployments(outbox().record, Deployed.from_env()).note(StackChanged.model_validate(event))


@logger.inject_lambda_context
def failures(event: Event, _: Any) -> Event:
    """SQS: functions that failed with nobody waiting. What is no such report goes to the dead letters."""
    unread = Failures(outbox()).note((each["messageId"], each["body"]) for each in event["Records"])
    return {"batchItemFailures": [{"itemIdentifier": message} for message in unread]}
