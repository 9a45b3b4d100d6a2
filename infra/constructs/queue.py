"""Queues with somewhere for what cannot be handled to wait."""

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.constructs.handler import Handler
from infra.target import Target


class DeadLetters(Construct):
    """What failed for good waits here for two weeks."""

    def __init__(self, scope: Construct, construct_id: str, *, target: Target) -> None:
        super().__init__(scope, construct_id)
        self.queue = sqs.Queue(
            self,
            "Queue",
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=target.tls_only,
            retention_period=Duration.days(14),
            removal_policy=target.removal,
        )

    def alarm(self, name: str, remedy: str) -> None:
        """Ring as long as something waits here; `remedy` is what to do then, in a sentence."""
        waiting = self.queue.metric_approximate_number_of_messages_visible(
            statistic="Maximum", period=Duration.minutes(5)
        )
        cloudwatch.Alarm(
            self,
            "Waiting",
            alarm_name=name,
            alarm_description=remedy,
            metric=waiting,
            threshold=1,
            evaluation_periods=1,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )


class Queue(Construct):
    """A standard queue whose messages are tried `attempts` times and then kept in `dead_letters`."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        target: Target,
        visible_after: Duration,
        attempts: int,
        delay: Duration | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        self.dead_letters = DeadLetters(self, "DeadLetters", target=target)
        self.queue = sqs.Queue(
            self,
            "Queue",
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=target.tls_only,
            visibility_timeout=visible_after,
            delivery_delay=delay,
            retention_period=Duration.days(14),
            dead_letter_queue=sqs.DeadLetterQueue(max_receive_count=attempts, queue=self.dead_letters.queue),
            removal_policy=target.removal,
        )
        self.url = self.queue.queue_url

    def grant_send(self, *handlers: Handler) -> None:
        """Put messages in."""
        for handler in handlers:
            handler.allow("sqs:SendMessage", on=[self.queue.queue_arn])

    def feed(self, handler: Handler, *, batch: int = 10_000) -> None:
        """Call a handler with batches; it answers with the messages it could not handle."""
        handler.allow(
            "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", on=[self.queue.queue_arn]
        )
        lambda_.EventSourceMapping(
            handler,
            "FromQueue",
            target=handler.function,
            event_source_arn=self.queue.queue_arn,
            batch_size=batch,
            max_batching_window=Duration.seconds(1),
            max_concurrency=2,
            report_batch_item_failures=True,
        )
