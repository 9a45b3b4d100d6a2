"""Invocations nobody waits for: when one fails for good, somebody is to know."""

from aws_cdk import Duration
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_destinations as destinations
from constructs import Construct

from infra.constructs.handler import Handler
from infra.constructs.queue import Queue
from infra.target import Target


class Failures(Construct):
    """A queue that hears of each invocation by bus, clock or function that failed after all retries.

    A rule's own dead letters hold what could not be delivered; without this, what was delivered and
    then failed would be gone.
    """

    def __init__(self, scope: Construct, construct_id: str, *, target: Target) -> None:
        super().__init__(scope, construct_id)
        self.queue = Queue(self, "Queue", target=target, visible_after=Duration.minutes(3), attempts=5)

    def watch(self, *handlers: Handler) -> None:
        """Hear of these functions' failures; Lambda sends in the function's own name."""
        self.queue.grant_send(*handlers)
        for handler in handlers:
            lambda_.EventInvokeConfig(
                handler,
                "Invocations",
                function=handler.function,
                on_failure=destinations.SqsDestination(self.queue.queue),
                retry_attempts=2,
            )

    def feed(self, handler: Handler) -> None:
        """Who makes them entries of the ledger."""
        self.queue.feed(handler)
