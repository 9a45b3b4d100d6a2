"""Counters in DynamoDB: one item per account and its day, or its minute, gone some time after it."""

from functools import cache
from typing import TYPE_CHECKING

from pydantic import Field

from appguard.kernel.errors import Unavailable
from appguard.kernel.settings import Settings

if TYPE_CHECKING:
    from datetime import datetime

    from mypy_boto3_dynamodb import DynamoDBClient

SECONDS = 2


class BudgetSettings(Settings):
    """Where rows and calls are counted."""

    table: str = Field(alias="BUDGETS_TABLE")


class CounterTable:
    """Counters that grow by conditional updates, so that no two processes go beyond a limit together."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        """Count in `table` through `client`."""
        self._client, self._table = client, table

    def take(self, key: str, amount: int, most: int, until: "datetime") -> bool:
        """Add `amount` unless the sum would exceed `most`; raises `Unavailable`.

        A write that was made although no answer came is counted twice when it is tried again: too
        much is counted then, never too little.
        """
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - loaded with the client

        if amount > most:
            return False
        try:
            self._client.update_item(
                TableName=self._table,
                Key={"pk": {"S": key}},
                UpdateExpression="ADD taken :amount SET expires = :expires",
                ConditionExpression="attribute_not_exists(taken) OR taken <= :room",
                ExpressionAttributeValues={
                    ":amount": {"N": str(amount)},
                    ":room": {"N": str(most - amount)},
                    ":expires": {"N": str(int(until.timestamp()))},
                },
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        except (ClientError, BotoCoreError) as error:
            raise Unavailable("what you ask for cannot be counted") from error
        return True


@cache
def counters() -> CounterTable:
    """The counters in the table named by `BUDGETS_TABLE`; they give up early."""
    import boto3  # noqa: PLC0415 - only on first use
    from botocore.config import Config  # noqa: PLC0415

    patience = Config(connect_timeout=SECONDS, read_timeout=SECONDS, retries={"total_max_attempts": 2})
    client = boto3.client("dynamodb", config=patience)
    return CounterTable(client, BudgetSettings.from_env().table)
