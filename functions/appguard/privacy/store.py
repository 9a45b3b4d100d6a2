"""The keys of data subjects in DynamoDB; rows say nothing of whose they are without a key in KMS."""

import hmac
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from appguard.kernel.clock import Clock, utc_now
from appguard.kernel.errors import Unavailable
from appguard.privacy.settings import PrivacySettings
from appguard.privacy.subject import Subject
from appguard.privacy.tags import SubjectKey

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import (
        AttributeValueTypeDef,
        DeleteTypeDef,
        TransactWriteItemTypeDef,
        UpdateTypeDef,
    )
    from mypy_boto3_kms import KMSClient

AT_ONCE = 100
ATTEMPTS = 10
SOMEBODY_ELSE = {"ConditionalCheckFailed", "TransactionConflict", "None"}


@dataclass(frozen=True)
class Kept:
    """A subject's row: the key, why it must be kept, and why somebody wants it forgotten."""

    key: SubjectKey
    held: str | None
    asked: str | None


class KeyStore:
    """One row a subject: when it was first seen, its key, and what keeps it from being forgotten."""

    def __init__(self, client: "DynamoDBClient", table: str, lookup: bytes, clock: Clock = utc_now) -> None:
        """`lookup` is the key of the rows' names, so that nobody finds a row by guessing an address."""
        self._client, self._table, self._lookup, self._clock = client, table, lookup, clock

    def name(self, subject: Subject) -> str:
        """Name of the subject's row."""
        return "SUBJECT#" + hmac.digest(self._lookup, subject.encode(), "sha256").hex()

    def find(self, subjects: Sequence[Subject]) -> dict[Subject, SubjectKey]:
        """The keys of those that have one, as they are now."""
        by_name = {self.name(subject): subject for subject in subjects}
        found: dict[Subject, SubjectKey] = {}
        for at in range(0, len(subjects), AT_ONCE):
            wanted: Any = [{"pk": {"S": name}} for name in list(by_name)[at : at + AT_ONCE]]
            while wanted:
                answer: Any = self._client.batch_get_item(
                    RequestItems={self._table: {"Keys": wanted, "ConsistentRead": True}}
                )
                for item in answer["Responses"].get(self._table, ()):
                    subject = by_name[item["pk"]["S"]]
                    found[subject] = _key(subject, item)
                wanted = answer["UnprocessedKeys"].get(self._table, {}).get("Keys")
        return found

    def make(self, subjects: Sequence[Subject]) -> Mapping[Subject, SubjectKey]:
        """A key for each, the one that was there first if somebody else made it meanwhile."""
        made: dict[Subject, SubjectKey] = {}
        for at in range(0, len(subjects), AT_ONCE):
            made |= self._make(subjects[at : at + AT_ONCE])
        return made

    def _make(self, subjects: Sequence[Subject]) -> dict[Subject, SubjectKey]:
        made: dict[Subject, SubjectKey] = {}
        for _ in range(ATTEMPTS):
            missing = [one for one in subjects if one not in made]
            if not missing:
                return made
            fresh = [SubjectKey(one, secrets.token_bytes(32), self._clock()) for one in missing]
            made |= {key.subject: key for key in fresh} if self._put(fresh) else self.find(missing)
        raise Unavailable("the keys of data subjects cannot be written")

    def kept(self, subject: Subject) -> Kept | None:
        """Everything known of one subject, as it is now."""
        item = self._client.get_item(TableName=self._table, Key=self._key(subject), ConsistentRead=True).get(
            "Item"
        )
        if item is None:
            return None
        held, asked = (item[word]["S"] if word in item else None for word in ("held", "asked"))
        return Kept(_key(subject, item), held, asked)

    def forget(self, subject: Subject, _: str) -> "TransactWriteItemTypeDef":
        """The write that deletes the row, unless it is held."""
        delete: DeleteTypeDef = {
            "TableName": self._table,
            "Key": self._key(subject),
            "ConditionExpression": "attribute_exists(pk) AND attribute_not_exists(held)",
        }
        return {"Delete": delete}

    def ask(self, subject: Subject, reason: str) -> "TransactWriteItemTypeDef":
        """The write that notes a wish to forget."""
        return self._update(subject, "SET asked = :why", reason)

    def hold(self, subject: Subject, reason: str) -> "TransactWriteItemTypeDef":
        """The write that keeps the row from being deleted."""
        return self._update(subject, "SET held = :why", reason)

    def release(self, subject: Subject, _: str) -> "TransactWriteItemTypeDef":
        """The write that lifts the hold."""
        return self._update(subject, "REMOVE held")

    def _update(self, subject: Subject, change: str, reason: str = "") -> "TransactWriteItemTypeDef":
        update: UpdateTypeDef = {
            "TableName": self._table,
            "Key": self._key(subject),
            "UpdateExpression": change,
            "ConditionExpression": "attribute_exists(pk)",
        }
        if reason:
            update["ExpressionAttributeValues"] = {":why": {"S": reason}}
        return {"Update": update}

    def _key(self, subject: Subject) -> "dict[str, AttributeValueTypeDef]":
        return {"pk": {"S": self.name(subject)}}

    def _put(self, keys: Sequence[SubjectKey]) -> bool:
        """Write all of them, or none if one of them is there."""
        puts: list[TransactWriteItemTypeDef] = [
            {
                "Put": {
                    "TableName": self._table,
                    "Item": {
                        "pk": {"S": self.name(key.subject)},
                        "secret": {"B": key.secret},
                        "since": {"S": key.since.isoformat()},
                    },
                    "ConditionExpression": "attribute_not_exists(pk)",
                }
            }
            for key in keys
        ]
        try:
            self._client.transact_write_items(TransactItems=puts)
        except self._client.exceptions.TransactionCanceledException as error:
            response: dict[str, Any] = dict(error.response)
            codes = {reason.get("Code", "None") for reason in response.get("CancellationReasons", ())}
            if not codes <= SOMEBODY_ELSE:
                raise
            return False
        return True


def _key(subject: Subject, item: Mapping[str, Any]) -> SubjectKey:
    return SubjectKey(subject, bytes(item["secret"]["B"]), datetime.fromisoformat(item["since"]["S"]))


def lookup_key(client: "KMSClient", key_id: str) -> bytes:
    """The key of rows' names: what KMS's own key, which never leaves it, makes of a fixed text."""
    return client.generate_mac(Message=b"appguard data subjects", KeyId=key_id, MacAlgorithm="HMAC_SHA_256")[
        "Mac"
    ]


@cache
def key_store(settings: PrivacySettings) -> KeyStore:
    """The keys of this deployment."""
    import boto3  # noqa: PLC0415 - only on first use

    lookup = lookup_key(boto3.client("kms"), settings.lookup_key_id)
    return KeyStore(boto3.client("dynamodb"), settings.table, lookup)
