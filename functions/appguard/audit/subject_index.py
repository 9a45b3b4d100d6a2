"""Finds entries by the tags of the persons they are about. Anybody can make it anew from the ledger."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from appguard.audit.outbox import moment
from appguard.audit.store import Row
from appguard.kernel.ids import EventId

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

WRITE_ITEMS = 25
FIELD = "subjects"


def tag_key(tag: str) -> str:
    """Partition of a tag's rows in the ledger table."""
    return f"SUBJECT#{tag}"


def place(row: Row) -> str:
    """Sort key of an event under each of its tags: by time."""
    return f"{row.at}#{row.event_id}"


def tags_of(body: bytes) -> list[str]:
    """The tags an entry carries, each once."""
    if f'"{FIELD}":['.encode() not in body:
        return []
    found = json.loads(body)["metadata"].get(FIELD, [])
    return list(dict.fromkeys(tag for tag in found if isinstance(tag, str)))


class SubjectIndex:
    """Rows `tag, time, event` in the ledger table."""

    def __init__(self, client: "DynamoDBClient", ledger: str) -> None:
        """`ledger` is the table's name."""
        self._client, self._ledger = client, ledger

    def add(self, rows: Iterable[Row]) -> None:
        """Index events about to become entries; writing a row again changes nothing."""
        puts: list[Any] = [
            {"PutRequest": {"Item": {"pk": {"S": tag_key(tag)}, "sk": {"S": place(row)}}}}
            for row in rows
            for tag in tags_of(row.body)
        ]
        for at in range(0, len(puts), WRITE_ITEMS):
            pending = puts[at : at + WRITE_ITEMS]
            while pending:
                answer = self._client.batch_write_item(RequestItems={self._ledger: pending})
                pending = answer["UnprocessedItems"].get(self._ledger, [])

    def events(self, tag: str, start: datetime | None, end: datetime | None) -> Iterator[EventId]:
        """The events that carry `tag`, from `start` to before `end`, oldest first."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self._ledger,
            ConsistentRead=True,
            KeyConditionExpression="pk = :tag AND sk BETWEEN :start AND :end",
            ExpressionAttributeValues={
                ":tag": {"S": tag_key(tag)},
                ":start": {"S": moment(start) if start else "0"},
                ":end": {"S": moment(end) if end else "9999"},
            },
        )
        for page in pages:
            for item in page["Items"]:
                yield EventId(item["sk"]["S"].partition("#")[2])
