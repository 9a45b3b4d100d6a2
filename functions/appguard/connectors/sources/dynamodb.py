"""DynamoDB as a source: one Query by key, one PutItem or UpdateItem with its condition, never a scan."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from appguard.connectors.errors import NothingChanged, RefusedBySource, SourceTimeout
from appguard.connectors.kinds.dynamodb import DynamoCommand, DynamoQuery
from appguard.connectors.kinds.values import resolved
from appguard.connectors.parameters import Bound
from appguard.connectors.rules import Limits
from appguard.connectors.source import Identity, Result
from appguard.connectors.sources.aws import in_our_words
from appguard.connectors.sources.cells import typed
from appguard.connectors.sources.items import asked, changed, plain

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class DynamoSource:
    """Tables that the broker's role reaches."""

    def __init__(self, client: "DynamoDBClient", key: Callable[[], bytes]) -> None:
        """Ask through `client`; `key` is that of digests and hash masks."""
        self._client, self._key = client, key

    @property
    def key(self) -> bytes:
        """The key of this source's digests and hash masks."""
        return self._key()

    def read(self, query: DynamoQuery, bound: Mapping[str, Bound], who: Identity, limits: Limits) -> Result:
        """The items of the partition, page by page until there are enough or the time is over."""
        request = asked(query, lambda value: resolved(value, bound, who))
        ends = time.monotonic() + limits.timeout_ms / 1000
        rows: list[tuple[Any, ...]] = []
        page: Mapping[str, Any] = {}
        while len(rows) <= limits.rows:
            if time.monotonic() > ends:
                raise SourceTimeout("the source took too long")
            with in_our_words():
                page = self._client.query(**request, Limit=limits.rows + 1 - len(rows))
            rows += [_row(query, item) for item in page["Items"]]
            if not page.get("LastEvaluatedKey"):
                break
            request["ExclusiveStartKey"] = page["LastEvaluatedKey"]
        return Result(query.result_columns, rows)

    @contextmanager
    def write(
        self, command: DynamoCommand, bound: Mapping[str, Bound], who: Identity, _limits: Limits
    ) -> Iterator[int]:
        """One item, when the block has ended well; DynamoDB judges the condition and changes in one step."""
        request = changed(command, lambda value: resolved(value, bound, who))
        yield 1
        try:
            with in_our_words(writing=True):
                if command.action == "create":
                    self._client.put_item(**request)
                else:
                    self._client.update_item(**request)
        except NothingChanged as unmet:
            raise (RefusedBySource(command.refusal) if command.refusal else unmet) from None


def _row(query: DynamoQuery, item: Mapping[str, Any]) -> tuple[Any, ...]:
    held = {name: item.get(query.attribute(name)) for name in query.result_columns}
    return typed(query, {name: plain(value) for name, value in held.items() if value is not None})
