"""Secrets in AWS Secrets Manager, and the records of all secrets in the catalog's table.

| item | pk | sk | index |
|---|---|---|---|
| record of a secret | SECRET#name | SECRET | by_owner SECRETS#app, by_due DUE#secret#kind, rotated at#name |

The due index is ordered by age, not by due date: a change of the policy needs no rewriting.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

from appguard.apps.catalog import CatalogSettings
from appguard.audit.outbox import Outbox, outbox
from appguard.audit.versioned import next_version
from appguard.kernel.event import AuditEvent
from appguard.kernel.ids import AppId
from appguard.secrets.model import SecretRecord
from appguard.secrets.names import SecretName
from appguard.secrets.policy import SecretKind
from appguard.secrets.provider import Stage, Value

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef
    from mypy_boto3_secretsmanager import SecretsManagerClient

LABELS = {Stage.CURRENT: "AWSCURRENT", Stage.PENDING: "AWSPENDING", Stage.PREVIOUS: "AWSPREVIOUS"}


class SecretsManager:
    """The provider on AWS; its staging labels are our stages."""

    def __init__(self, client: "SecretsManagerClient") -> None:
        """Work through `client`."""
        self._client = client

    def read(self, name: SecretName, stage: Stage = Stage.CURRENT) -> Value | None:
        """The value with this stage's label."""
        try:
            found = self._client.get_secret_value(SecretId=name, VersionStage=LABELS[stage])
        except self._client.exceptions.ResourceNotFoundException:
            return None
        text = found.get("SecretString")  # a secret that was just made has none yet
        return Value(found["VersionId"], text) if text else None

    def stage(self, name: SecretName, text: str) -> Value:
        """Put a version labelled as pending. The very first one of a secret is in force at once."""
        pending = [LABELS[Stage.PENDING]]
        try:
            put = self._client.put_secret_value(SecretId=name, SecretString=text, VersionStages=pending)
        except self._client.exceptions.ResourceNotFoundException:
            self._client.create_secret(Name=name)
            put = self._client.put_secret_value(SecretId=name, SecretString=text, VersionStages=pending)
        return Value(put["VersionId"], text)

    def promote(self, name: SecretName, pending: Value) -> None:
        """Move the label of what is in force; Secrets Manager labels the old version as previous."""
        old = self._labelled(name, Stage.CURRENT)
        if old == pending.version:
            return
        self._client.update_secret_version_stage(
            SecretId=name,
            VersionStage=LABELS[Stage.CURRENT],
            MoveToVersionId=pending.version,
            **({"RemoveFromVersionId": old} if old else {}),
        )

    def settle(self, name: SecretName, pending: Value) -> None:
        """Take the label of what is pending away."""
        if self._labelled(name, Stage.PENDING) == pending.version:
            self._client.update_secret_version_stage(
                SecretId=name, VersionStage=LABELS[Stage.PENDING], RemoveFromVersionId=pending.version
            )

    def changed_at(self, name: SecretName) -> datetime | None:
        """When the secret was last written to."""
        try:
            found = self._client.describe_secret(SecretId=name)
        except self._client.exceptions.ResourceNotFoundException:
            return None
        return found.get("LastChangedDate") or found["CreatedDate"]

    def delete(self, name: SecretName) -> None:
        """Delete without the days of grace: what it opened is gone already."""
        try:
            self._client.delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)
        except self._client.exceptions.ResourceNotFoundException:
            return

    def _labelled(self, name: SecretName, stage: Stage) -> str | None:
        versions = self._client.describe_secret(SecretId=name).get("VersionIdsToStages", {})
        return next((version for version, labels in versions.items() if LABELS[stage] in labels), None)


class Records:
    """What is known of each secret. Its writes touch nothing but keys that begin with SECRET#."""

    def __init__(self, dynamodb: "DynamoDBClient", outbox: Outbox, table: str) -> None:
        """Work on `table`, writing events through `outbox`."""
        self._dynamodb, self._outbox, self._table = dynamodb, outbox, table

    def find(self, name: SecretName) -> SecretRecord | None:
        """One record, read consistently, or None."""
        found = self._dynamodb.get_item(TableName=self._table, Key=_key(name), ConsistentRead=True)
        return _record(found["Item"]) if "Item" in found else None

    def of_app(self, app_id: AppId) -> list[SecretRecord]:
        """The secrets of one app, by name."""
        return list(self._query("by_owner", "gsi1pk", f"SECRETS#{app_id}"))

    def oldest(self, kind: SecretKind, until: datetime | None = None) -> Iterator[SecretRecord]:
        """Those of one kind, the oldest first; with `until`, those last replaced then or earlier."""
        return self._query(
            "by_due", "gsi3pk", f"DUE#secret#{kind}", f"{_sortable(until)}~" if until else None
        )

    def save(self, record: SecretRecord, because: AuditEvent) -> SecretRecord:
        """Write the record's next version with its event in one transaction; a retried step changes nothing.

        Raises `StaleVersion` if somebody saved in between.
        """
        newer = record.model_copy(update={"version": record.version + 1})
        put = next_version(self._table, _item(newer), record.version)
        return newer if self._outbox.commit([put], because) else self.find(record.name) or newer

    def remove(self, record: SecretRecord, because: AuditEvent) -> None:
        """Forget the record, with its event in one transaction."""
        self._outbox.commit([{"Delete": {"TableName": self._table, "Key": _key(record.name)}}], because)

    def _query(self, index: str, key: str, value: str, up_to: str | None = None) -> Iterator[SecretRecord]:
        values: dict[str, AttributeValueTypeDef] = {":value": {"S": value}}
        condition = f"{key} = :value"
        if up_to:
            condition, values = f"{condition} AND gsi3sk <= :until", {**values, ":until": {"S": up_to}}
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            IndexName=index,
            KeyConditionExpression=condition,
            ExpressionAttributeValues=values,
        )
        return (_record(item) for page in pages for item in page["Items"])


def _key(name: SecretName) -> "dict[str, AttributeValueTypeDef]":
    return {"pk": {"S": f"SECRET#{name}"}, "sk": {"S": "SECRET"}}


def _item(record: SecretRecord) -> "dict[str, AttributeValueTypeDef]":
    owner: dict[str, AttributeValueTypeDef] = (
        {"gsi1pk": {"S": f"SECRETS#{record.app_id}"}, "gsi1sk": {"S": record.name}} if record.app_id else {}
    )
    return {
        **_key(record.name),
        **owner,
        "gsi3pk": {"S": f"DUE#secret#{record.kind}"},
        "gsi3sk": {"S": f"{_sortable(record.rotated_at)}#{record.name}"},
        "body": {"S": record.model_dump_json()},
    }


def _sortable(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _record(item: "dict[str, AttributeValueTypeDef]") -> SecretRecord:
    return SecretRecord.model_validate_json(item["body"]["S"])


def secrets_manager() -> SecretsManager:
    """Secrets Manager of this account."""
    import boto3  # noqa: PLC0415 - clients are made on first use, not at import

    return SecretsManager(boto3.client("secretsmanager"))


@cache
def records() -> Records:
    """The deployment's records, made on first use."""
    import boto3  # noqa: PLC0415 - likewise

    return Records(boto3.client("dynamodb"), outbox(), CatalogSettings.from_env().table)
