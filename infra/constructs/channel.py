"""How a channel hears of approvals, and who is told when it does not get through."""

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from infra.constructs.events import Bus
from infra.constructs.handler import Handler
from infra.constructs.queue import Queue
from infra.target import Target

ABOUT = "approval.*"
AGAIN_AFTER, ATTEMPTS = Duration.minutes(6), 20
"""Two hours: as long as such services are usually away, and longer than a request to decide can wait."""


class Channel(Construct):
    """An inbox of its own, so that no channel waits for another; what failed for good rings."""

    def __init__(
        self, scope: Construct, construct_id: str, *, target: Target, name: str, handler: Handler, bus: Bus
    ) -> None:
        super().__init__(scope, construct_id)
        inbox = Queue(self, "Inbox", target=target, visible_after=AGAIN_AFTER, attempts=ATTEMPTS)
        bus.announce(inbox, ABOUT)
        inbox.feed(handler, batch=1)
        inbox.dead_letters.alarm(
            f"appguard-{name}-dead-letters",
            f"For two hours {name} did not take a message about an approval, which mail and portal have:"
            f" read the log of {handler.function.function_name}, mend it, and redrive the dead letters",
        )


def alarm_on_errors(handler: Handler, name: str) -> None:
    """Ring when a function that answers people failed."""
    cloudwatch.Alarm(
        handler,
        "Failed",
        alarm_name=f"appguard-{name}-failed",
        alarm_description=f"Somebody pressed a button in {name} and got no answer: read the log of the"
        " function; they can decide in the portal meanwhile",
        metric=handler.function.metric_errors(period=Duration.minutes(5)),
        threshold=1,
        evaluation_periods=1,
        comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
    )
