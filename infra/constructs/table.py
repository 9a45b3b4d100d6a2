"""A DynamoDB table in single-table style, with grants that never include a scan."""

from collections.abc import Sequence
from dataclasses import dataclass

from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as event_sources
from constructs import Construct

from infra.constructs.handler import Handler
from infra.constructs.queue import DeadLetters
from infra.target import Target

READ = ("dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query")
WRITE = ("dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:ConditionCheckItem")
STREAM = (
    "dynamodb:DescribeStream",
    "dynamodb:GetRecords",
    "dynamodb:GetShardIterator",
    "dynamodb:ListStreams",
)


@dataclass(frozen=True)
class Index:
    """A second way to find rows. Rows without its keys are not in it; `carries` limits what is copied."""

    name: str
    partition: str
    sort: str
    carries: tuple[str, ...] = ()


class Table(Construct):
    """On-demand, encrypted, recoverable to any second of the last 35 days; keys are `pk` and `sk`.

    What is deleted from a table that is not `recoverable` is gone.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        target: Target,
        sort_key: bool = True,
        indexes: Sequence[Index] = (),
        expires: str | None = None,
        stream: dynamodb.StreamViewType | None = None,
        recoverable: bool = True,
    ) -> None:
        super().__init__(scope, construct_id)
        self.table = dynamodb.Table(
            self,
            "Table",
            partition_key=_string("pk"),
            sort_key=_string("sk") if sort_key else None,
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            encryption=dynamodb.TableEncryption.AWS_MANAGED,
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=recoverable
            ),
            deletion_protection=target.keeps_data,
            removal_policy=target.removal,
            time_to_live_attribute=expires,
            stream=stream,
        )
        for index in indexes:
            self.table.add_global_secondary_index(
                index_name=index.name,
                partition_key=_string(index.partition),
                sort_key=_string(index.sort),
                projection_type=dynamodb.ProjectionType[("INCLUDE" if index.carries else "ALL")],
                non_key_attributes=list(index.carries) or None,
            )
        self.name = self.table.table_name
        self._indexes = [f"{self.table.table_arn}/index/{index.name}" for index in indexes]

    def grant_read(self, *handlers: Handler) -> None:
        """Get and query, the indexes included."""
        for handler in handlers:
            handler.allow(*READ, on=[self.table.table_arn, *self._indexes])

    def grant_get(self, handler: Handler) -> None:
        """Get rows whose key is known."""
        handler.allow("dynamodb:GetItem", on=[self.table.table_arn])

    def grant_write(self, *handlers: Handler) -> None:
        """Put, update, delete, and check within a transaction."""
        for handler in handlers:
            handler.allow(*WRITE, on=[self.table.table_arn])

    def grant_update(self, *handlers: Handler) -> None:
        """Change attributes of rows; none can be removed."""
        for handler in handlers:
            handler.allow("dynamodb:UpdateItem", on=[self.table.table_arn])

    def grant_append(self, *handlers: Handler) -> None:
        """Put alone: rows can be added, and none that is there can be read or removed."""
        for handler in handlers:
            handler.allow("dynamodb:PutItem", on=[self.table.table_arn])

    def grant_records(self, handler: Handler, prefix: str) -> None:
        """Put and delete rows whose `pk` begins so, and no others."""
        keys = {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": f"{prefix}*"}}
        handler.allow("dynamodb:PutItem", "dynamodb:DeleteItem", on=[self.table.table_arn], when=keys)

    def grant_remember(self, handler: Handler, prefix: str) -> None:
        """Keep what was done already, in rows whose `pk` begins so: put, update, delete."""
        keys = {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": f"{prefix}*"}}
        handler.allow(
            "dynamodb:PutItem",
            "dynamodb:UpdateItem",
            "dynamodb:DeleteItem",
            on=[self.table.table_arn],
            when=keys,
        )

    def feed(self, handler: Handler, *, dead_letters: DeadLetters) -> None:
        """Call a handler with every new row, in order per key; what fails for good is kept aside."""
        handler.allow(*STREAM, on=[str(self.table.table_stream_arn)])
        handler.allow("sqs:SendMessage", on=[dead_letters.queue.queue_arn])
        lambda_.EventSourceMapping(
            handler,
            f"From{self.node.id}",
            target=handler.function,
            event_source_arn=self.table.table_stream_arn,
            starting_position=lambda_.StartingPosition.TRIM_HORIZON,
            batch_size=100,
            bisect_batch_on_error=True,
            report_batch_item_failures=True,
            retry_attempts=20,
            on_failure=event_sources.SqsDlq(dead_letters.queue),
            filters=[lambda_.FilterCriteria.filter({"eventName": lambda_.FilterRule.is_equal("INSERT")})],
        )


def _string(name: str) -> dynamodb.Attribute:
    return dynamodb.Attribute(name=name, type=dynamodb.AttributeType.STRING)
