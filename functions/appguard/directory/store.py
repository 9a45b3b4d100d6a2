"""The directory's table: keys and access patterns live here and nowhere else.

| item | pk | sk | index |
|---|---|---|---|
| colleague, or group | ENTRY#id | ENTRY | listed Colleague or Group, id: those SCIM knows |
| a name of theirs | KNOWN#kind#hash | KNOWN | |
| who may be in a group | IN#hash of its name | colleague's id | |

No key holds an address or a name: keys turn up in logs and metrics. What `KNOWN` and `IN` say is a hint
that reading checks against the entry it leads to, hence only the entry must be right.
"""

import hashlib
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from appguard.audit.outbox import Outbox, outbox
from appguard.directory.model import Colleague, ColleagueId, Group, GroupId, Key, Known
from appguard.directory.settings import DirectorySettings
from appguard.kernel.event import AuditEvent

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef, TransactWriteItemTypeDef

    Item = dict[str, AttributeValueTypeDef]

Entry = TypeVar("Entry", bound=Known)
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
        item = self._item(_entry_key(colleague_id))
        return Colleague.model_validate_json(item["body"]["S"]) if item else None

    def find(self, key: Key) -> Colleague | None:
        """Who is known by this name. Of somebody gone the name still leads to the fact that they left."""
        hint = self._item(_known_key(key))
        found = self.get(ColleagueId(hint["ident"]["S"])) if hint else None
        return found if found and (key in found.keys or found.gone) else None

    def group(self, group_id: GroupId) -> Group | None:
        """One group, read consistently, or None."""
        item = self._item(_entry_key(group_id))
        return Group.model_validate_json(item["body"]["S"]) if item else None

    def find_group(self, key: Key) -> Group | None:
        """Which group is known by this name."""
        hint = self._item(_known_key(key))
        found = self.group(GroupId(hint["ident"]["S"])) if hint else None
        return found if found and key in found.keys else None

    def in_group(self, group: str) -> list[Colleague]:
        """Everybody in a group of this very name, by id."""
        ids = [ColleagueId(item["sk"]["S"]) for item in self._rows(_group_pk(group))]
        return [one for one in self._several(ids) if group in one.groups]

    def listed(self, kind: type[Entry]) -> Iterator[Entry]:
        """Everybody, or every group, SCIM knows, by id; one written a moment ago may be missing yet."""
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            IndexName=LISTED,
            KeyConditionExpression="gsi1pk = :kind",
            ExpressionAttributeValues={":kind": {"S": kind.__name__}},
        )
        for page in pages:
            for item in page["Items"]:
                yield kind.model_validate_json(item["body"]["S"])

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
        yielding = {newer.ident, *(one.ident for one in instead_of if one)}
        writes = [self._put(before, newer), *(self._known(key, newer, yielding) for key in has - had)]
        self._outbox.commit(writes, *because)
        if before:
            self._leave(before, before.groups - newer.groups)
            if not newer.gone:
                self._release(before, had - has)
        return newer

    def save_group(self, before: Group | None, after: Group, *because: AuditEvent) -> Group:
        """Write a group in the same way; raises `StaleVersion` if a name is another group's."""
        newer = after.model_copy(update={"version": (before.version if before else 0) + 1})
        new_names = newer.keys - (before.keys if before else frozenset())
        writes = [self._put(before, newer), *(self._known(key, newer, {newer.ident}) for key in new_names)]
        self._outbox.commit(writes, *because)
        if before:
            self._release(before, before.keys - newer.keys)
        return newer

    def remove_group(self, group: Group, because: AuditEvent) -> None:
        """Forget a group nobody is in any more."""
        delete: TransactWriteItemTypeDef = {
            "Delete": {
                "TableName": self._table,
                "Key": _entry_key(group.group_id),
                "ConditionExpression": "version = :seen",
                "ExpressionAttributeValues": {":seen": {"N": str(group.version)}},
            }
        }
        self._outbox.commit([delete], because)
        self._release(group, group.keys)

    def _put(self, before: Known | None, after: Known) -> "TransactWriteItemTypeDef":
        item: Item = {
            **_entry_key(after.ident),
            "version": {"N": str(after.version)},
            "body": {"S": after.model_dump_json()},
        }
        if after.listed:
            item |= {"gsi1pk": {"S": type(after).__name__}, "gsi1sk": {"S": after.ident}}
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

    def _known(self, key: Key, entry: Known, yielding: set[str]) -> "TransactWriteItemTypeDef":
        may = {f":may{n}": {"S": one} for n, one in enumerate(sorted(yielding))}
        return {
            "Put": {
                "TableName": self._table,
                "Item": {**_known_key(key), "ident": {"S": entry.ident}},
                "ConditionExpression": f"{UNKNOWN_YET} OR ident IN ({', '.join(may)})",
                "ExpressionAttributeValues": may,
            }
        }

    def _release(self, entry: Known, keys: Iterable[Key]) -> None:
        """Names somebody has no more, unless another took them over already."""
        for key in keys:
            try:
                self._dynamodb.delete_item(
                    TableName=self._table,
                    Key=_known_key(key),
                    ConditionExpression="ident = :mine",
                    ExpressionAttributeValues={":mine": {"S": entry.ident}},
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
                self._table: {"Keys": [_entry_key(one) for one in some], "ConsistentRead": True}
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


@cache
def kept() -> DirectoryStore:
    """What the table named by `DIRECTORY_TABLE` keeps."""
    import boto3  # noqa: PLC0415 - clients are made on first use, not at import

    return DirectoryStore(boto3.client("dynamodb"), outbox(), DirectorySettings.from_env().table)


def _entry_key(ident: str) -> "Item":
    return {"pk": {"S": f"ENTRY#{ident}"}, "sk": {"S": "ENTRY"}}


def _known_key(key: Key) -> "Item":
    return {"pk": {"S": f"KNOWN#{key.name}#{_hashed(key.value)}"}, "sk": {"S": "KNOWN"}}


def _group_pk(group: str) -> str:
    return f"IN#{_hashed(group)}"


def _in_group(group: str, colleague: Colleague) -> "Item":
    return {"pk": {"S": _group_pk(group)}, "sk": {"S": colleague.colleague_id}}


def _hashed(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()
