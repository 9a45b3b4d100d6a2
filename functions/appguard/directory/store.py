"""The directory's table: keys and access patterns live here and nowhere else.

| item | pk | sk | index |
|---|---|---|---|
| colleague | COLLEAGUE#id | COLLEAGUE | listed COLLEAGUES, id: those SCIM knows |
| a name of theirs | KNOWN#kind#hash | KNOWN | |
| who may be in a group | IN#hash of its name | colleague's id | |

No key holds an address or a name: keys turn up in logs and metrics. What `KNOWN` and `IN` say is a hint
that reading checks against the colleague it leads to, hence only the colleague must be right.
"""

import hashlib
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from appguard.audit.outbox import Outbox
from appguard.directory.model import Colleague, ColleagueId, Key
from appguard.kernel.event import AuditEvent

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef, TransactWriteItemTypeDef

    Item = dict[str, AttributeValueTypeDef]

LISTED = "listed"
UNKNOWN_YET = "attribute_not_exists(pk)"
AT_ONCE = 100  # keys that one BatchGetItem takes


class DirectoryStore:
    """Colleagues, and how to find them."""

    def __init__(self, dynamodb: "DynamoDBClient", outbox: Outbox, table: str) -> None:
        """Work on `table`, writing events through `outbox`."""
        self._dynamodb, self._outbox, self._table = dynamodb, outbox, table

    def get(self, colleague_id: ColleagueId) -> Colleague | None:
        """One colleague, read consistently, or None."""
        item = self._item(_colleague_key(colleague_id))
        return Colleague.model_validate_json(item["body"]["S"]) if item else None

    def find(self, key: Key) -> Colleague | None:
        """Who is known by this name. Of somebody gone the name still leads to the fact that they left."""
        hint = self._item(_known_key(key))
        found = self.get(ColleagueId(hint["colleague_id"]["S"])) if hint else None
        return found if found and (key in found.keys or found.gone) else None

    def in_group(self, group: str) -> list[Colleague]:
        """Everybody in a group of this very name, by id."""
        ids = [ColleagueId(item["sk"]["S"]) for item in self._rows(_group_pk(group))]
        return [one for one in self._several(ids) if group in one.groups]

    def listed(self) -> Iterator[Colleague]:
        """Everybody SCIM knows, by id."""
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            IndexName=LISTED,
            KeyConditionExpression="gsi1pk = :all",
            ExpressionAttributeValues={":all": {"S": "COLLEAGUES"}},
        )
        for page in pages:
            for item in page["Items"]:
                yield Colleague.model_validate_json(item["body"]["S"])

    def save(
        self,
        before: Colleague | None,
        after: Colleague,
        *because: AuditEvent,
        instead_of: Iterable[Colleague | None] = (),
    ) -> Colleague:
        """Write a colleague with what the ledger should know, in one transaction.

        Raises `StaleVersion` if they were changed in between, or if one of their names is somebody
        else's, unless it is of one of those they stand `instead_of`.
        """
        newer = after.model_copy(update={"version": (before.version if before else 0) + 1})
        had, has = (before.keys if before else frozenset()), newer.keys
        self._enter(newer, newer.groups - (before.groups if before else frozenset()))
        yielding = {newer.colleague_id, *(one.colleague_id for one in instead_of if one)}
        writes = [self._put(before, newer), *(self._known(key, newer, yielding) for key in has - had)]
        self._outbox.commit(writes, *because)
        if before:
            self._leave(before, before.groups - newer.groups)
            if not newer.gone:
                self._release(before, had - has)
        return newer

    def _put(self, before: Colleague | None, colleague: Colleague) -> "TransactWriteItemTypeDef":
        item: Item = {
            **_colleague_key(colleague.colleague_id),
            "version": {"N": str(colleague.version)},
            "body": {"S": colleague.model_dump_json()},
        }
        if colleague.account:
            item |= {"gsi1pk": {"S": "COLLEAGUES"}, "gsi1sk": {"S": colleague.colleague_id}}
        if before is None:
            return {"Put": {"TableName": self._table, "Item": item, "ConditionExpression": UNKNOWN_YET}}
        return {
            "Put": {
                "TableName": self._table,
                "Item": item,
                "ConditionExpression": "version = :seen",
                "ExpressionAttributeValues": {":seen": {"N": str(before.version)}},
            }
        }

    def _known(
        self, key: Key, colleague: Colleague, yielding: set[ColleagueId]
    ) -> "TransactWriteItemTypeDef":
        may = {f":may{n}": {"S": str(one)} for n, one in enumerate(sorted(yielding))}
        return {
            "Put": {
                "TableName": self._table,
                "Item": {**_known_key(key), "colleague_id": {"S": colleague.colleague_id}},
                "ConditionExpression": f"{UNKNOWN_YET} OR colleague_id IN ({', '.join(may)})",
                "ExpressionAttributeValues": may,
            }
        }

    def _release(self, colleague: Colleague, keys: Iterable[Key]) -> None:
        """Names somebody has no more, unless another took them over already."""
        for key in keys:
            try:
                self._dynamodb.delete_item(
                    TableName=self._table,
                    Key=_known_key(key),
                    ConditionExpression="colleague_id = :mine",
                    ExpressionAttributeValues={":mine": {"S": colleague.colleague_id}},
                )
            except self._dynamodb.exceptions.ConditionalCheckFailedException:
                continue

    def _enter(self, colleague: Colleague, groups: Iterable[str]) -> None:
        """Before they are in a group they can be found there: never too few, and too many are looked at."""
        for group in groups:
            self._dynamodb.put_item(TableName=self._table, Item=_in_group(group, colleague))

    def _leave(self, colleague: Colleague, groups: Iterable[str]) -> None:
        for group in groups:
            self._dynamodb.delete_item(TableName=self._table, Key=_in_group(group, colleague))

    def _several(self, ids: list[ColleagueId]) -> Iterator[Colleague]:
        for start in range(0, len(ids), AT_ONCE):
            some = ids[start : start + AT_ONCE]
            asked: dict[str, Any] = {
                self._table: {"Keys": [_colleague_key(one) for one in some], "ConsistentRead": True}
            }
            found: list[Colleague] = []
            while asked:
                answer = self._dynamodb.batch_get_item(RequestItems=asked)
                items = answer["Responses"].get(self._table, [])
                found += (Colleague.model_validate_json(item["body"]["S"]) for item in items)
                asked = dict(answer.get("UnprocessedKeys") or {})
            yield from sorted(found, key=lambda one: one.colleague_id)

    def _rows(self, pk: str) -> "Iterator[Item]":
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": pk}},
            ConsistentRead=True,
        )
        for page in pages:
            yield from page["Items"]

    def _item(self, key: "Item") -> "Item | None":
        return self._dynamodb.get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item")


def _colleague_key(colleague_id: ColleagueId) -> "Item":
    return {"pk": {"S": f"COLLEAGUE#{colleague_id}"}, "sk": {"S": "COLLEAGUE"}}


def _known_key(key: Key) -> "Item":
    return {"pk": {"S": f"KNOWN#{key.name}#{_hashed(key.value)}"}, "sk": {"S": "KNOWN"}}


def _group_pk(group: str) -> str:
    return f"IN#{_hashed(group)}"


def _in_group(group: str, colleague: Colleague) -> "Item":
    return {"pk": {"S": _group_pk(group)}, "sk": {"S": colleague.colleague_id}}


def _hashed(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()
