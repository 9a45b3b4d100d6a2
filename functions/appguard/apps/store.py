"""The catalog's table and bundle bucket: keys and access patterns live here and nowhere else.

| item | pk | sk | index |
|---|---|---|---|
| app | APP#id | APP | by_owner OWNER#person, by_state STATE#state |
| its card for lists | APP#id | CARD | by_due CARDS, moment of the change#id |
| bundle of an app | APP#id | BUNDLE#digest | |
| why something was done | APP#id | NOTE#moment#event | |
| offer to a new owner | APP#id | OFFER | by_owner OFFERED#address |
| due date | APP#id | DUE#kind | by_due DUE#kind, day#id |
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from appguard.apps.bundle import Bundle
from appguard.apps.card import Card
from appguard.apps.lifecycle import State
from appguard.apps.model import App, DueKind, Note, Offer
from appguard.audit.outbox import Outbox
from appguard.kernel.errors import NotFound
from appguard.kernel.event import AuditEvent
from appguard.kernel.ids import AppId, BundleDigest, EventId, PersonId

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import PutTypeDef, QueryInputPaginateTypeDef, TransactWriteItemTypeDef
    from mypy_boto3_s3 import S3Client

_INDEX_KEYS = frozenset({"pk", "sk", "gsi1pk", "gsi1sk", "gsi2pk", "gsi2sk", "gsi3pk", "gsi3sk"})

CARDS = "CARDS"


class CatalogStore:
    """Apps in DynamoDB, their bundles in S3."""

    def __init__(
        self, dynamodb: "DynamoDBClient", s3: "S3Client", outbox: Outbox, table: str, bucket: str
    ) -> None:
        """Work on `table` and `bucket`, writing events through `outbox`."""
        self._dynamodb, self._s3, self._outbox = dynamodb, s3, outbox
        self._table, self._bucket = table, bucket

    def app(self, app_id: AppId) -> App:
        """One app, read consistently; raises `NotFound`."""
        found = self._dynamodb.get_item(
            TableName=self._table, Key=_wire(_app_key(app_id)), ConsistentRead=True
        )
        if "Item" not in found:
            raise NotFound(f"there is no app {app_id}")
        return _app(found["Item"])

    def owned_by(self, owner: PersonId) -> list[App]:
        """All apps of one owner."""
        return [_app(item) for item in self._query("by_owner", "gsi1pk", f"OWNER#{owner}")]

    def in_state(self, state: State) -> list[App]:
        """All apps in one state, by name."""
        return [_app(item) for item in self._query("by_state", "gsi2pk", f"STATE#{state}")]

    def due(self, kind: DueKind, until: date) -> Iterator[AppId]:
        """Apps whose date of this kind is `until` or earlier, most overdue first; reads only those."""
        for item in self._query("by_due", "gsi3pk", f"DUE#{kind}", up_to=("gsi3sk", f"{until}~")):
            yield AppId(_plain(item)["app_id"])

    def cards(self, since: datetime | None = None) -> Iterator[Card]:
        """The card of every app that changed at `since` or later, in that order; of all apps without it."""
        at_least = ("gsi3sk", _moment(since)) if since else None
        for item in self._query("by_due", "gsi3pk", CARDS, at_least=at_least):
            yield Card.model_validate_json(item["card"]["S"])

    def create(self, app: App, because: AuditEvent) -> bool:
        """Write a new app; raises `StaleVersion` if the id is taken, returns False for a retry."""
        put = self._put(_app_item(app), "attribute_not_exists(pk)")
        return self._outbox.commit([put, self._card(app, because)], because)

    def save(
        self,
        before: App,
        app: App,
        because: AuditEvent,
        due: Mapping[DueKind, date | None] | None = None,
        bundle: BundleDigest | None = None,
        *,
        note: str = "",
        offer: Offer | None = None,
        offer_ends: bool = False,
    ) -> App:
        """Replace `before` by `app` with its event in one transaction, and move due dates along.

        A `note` says why; an `offer` takes the place of the one before, or ends.

        Raises `StaleVersion` if somebody saved in between. A retried step, whose event is
        already recorded, changes nothing and returns what is stored.
        """
        newer = app.model_copy(update={"version": before.version + 1})
        writes = [self._put(_app_item(newer), "version = :seen", {":seen": before.version})]
        writes.append(self._card(newer, because))
        writes += [self._due(app.app_id, kind, day) for kind, day in (due or {}).items()]
        if bundle:
            writes.append(self._saved(app.app_id, bundle, because))
        if note:
            writes.append(self._note(app.app_id, because, note))
        if offer:
            writes.append(self._put(_offer_item(offer)))
        if offer_ends:
            key = _wire({"pk": _pk(app.app_id), "sk": "OFFER"})
            writes.append({"Delete": {"TableName": self._table, "Key": key}})
        return newer if self._outbox.commit(writes, because) else self.app(app.app_id)

    def notes(self, app_id: AppId, limit: int) -> list[Note]:
        """The latest `limit` notes on an app, the newest first."""
        found = self._dynamodb.query(
            TableName=self._table,
            KeyConditionExpression="pk = :app AND begins_with(sk, :note)",
            ExpressionAttributeValues=_wire({":app": _pk(app_id), ":note": "NOTE#"}),
            ScanIndexForward=False,
            Limit=limit,
        )
        return [Note.model_validate_json(item["body"]["S"]) for item in found["Items"]]

    def offer(self, app_id: AppId) -> Offer | None:
        """To whom the app is offered, if to anybody."""
        key = _wire({"pk": _pk(app_id), "sk": "OFFER"})
        found = self._dynamodb.get_item(TableName=self._table, Key=key, ConsistentRead=True)
        return Offer.model_validate_json(found["Item"]["body"]["S"]) if "Item" in found else None

    def offered_to(self, email: str) -> list[Offer]:
        """The apps offered to an address."""
        items = self._query("by_owner", "gsi1pk", f"OFFERED#{email.casefold()}")
        return [Offer.model_validate_json(item["body"]["S"]) for item in items]

    def due_dates(self, app_id: AppId) -> dict[DueKind, date]:
        """What of an app is due when."""
        found = self._dynamodb.query(
            TableName=self._table,
            KeyConditionExpression="pk = :app AND begins_with(sk, :due)",
            ExpressionAttributeValues=_wire({":app": _pk(app_id), ":due": "DUE#"}),
        )
        rows = (_plain(item) for item in found["Items"])
        return {DueKind(row["sk"].removeprefix("DUE#")): date.fromisoformat(row["day"]) for row in rows}

    def authors(self, app_id: AppId) -> frozenset[str]:
        """Everybody who ever saved a version of the app, as their events name them."""
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="pk = :app AND begins_with(sk, :bundle)",
            ExpressionAttributeValues=_wire({":app": _pk(app_id), ":bundle": "BUNDLE#"}),
            ConsistentRead=True,
        )
        return frozenset(
            author for page in pages for item in page["Items"] for author in item["authors"]["SS"]
        )

    def recorded(self, event_id: EventId) -> bool:
        """Whether a step's event is there already."""
        return self._outbox.recorded(event_id)

    def put_bundle(self, bundle: Bundle) -> None:
        """Store a bundle under its digest; storing it again changes nothing."""
        self._s3.put_object(
            Bucket=self._bucket,
            Key=_bundle_key(bundle.digest),
            Body=bundle.to_zip(),
            ContentType="application/zip",
        )

    def bundle(self, digest: BundleDigest) -> Bundle:
        """The bundle of this digest; raises `NotFound`, also when the object is not what its name says."""
        return stored_bundle(self._s3, self._bucket, digest)

    def _query(
        self,
        index: str,
        key: str,
        value: str,
        *,
        up_to: tuple[str, str] | None = None,
        at_least: tuple[str, str] | None = None,
    ) -> Iterator[dict[str, Any]]:
        names, values, condition = {"#k": key}, {":k": value}, "#k = :k"
        for bound, sign in ((up_to, "<="), (at_least, ">=")):
            if bound:
                names["#s"], values[":s"] = bound
                condition += f" AND #s {sign} :s"
        request: QueryInputPaginateTypeDef = {
            "TableName": self._table,
            "IndexName": index,
            "KeyConditionExpression": condition,
            "ExpressionAttributeNames": names,
            "ExpressionAttributeValues": _wire(values),
        }
        for page in self._dynamodb.get_paginator("query").paginate(**request):
            yield from page["Items"]

    def _put(
        self, item: dict[str, Any], condition: str = "", values: dict[str, Any] | None = None
    ) -> "TransactWriteItemTypeDef":
        put: PutTypeDef = {"TableName": self._table, "Item": _wire(item)}
        if condition:
            put["ConditionExpression"] = condition
        if values:
            put["ExpressionAttributeValues"] = _wire(values)
        return {"Put": put}

    def _saved(self, app_id: AppId, bundle: BundleDigest, because: AuditEvent) -> "TransactWriteItemTypeDef":
        """Note who saved this version and when; others who saved the same one stay noted."""
        values = _wire({":at": because.timestamp.isoformat(), ":by": {because.actor.id}})
        return {
            "Update": {
                "TableName": self._table,
                "Key": _wire({"pk": _pk(app_id), "sk": f"BUNDLE#{bundle.hex}"}),
                "UpdateExpression": "SET #at = :at ADD authors :by",
                "ExpressionAttributeNames": {"#at": "at"},
                "ExpressionAttributeValues": values,
            }
        }

    def _card(self, app: App, because: AuditEvent) -> "TransactWriteItemTypeDef":
        """Always written with its app; whoever asks for what changed finds it by the moment of the event."""
        return self._put(card_item(Card.of(app, because.timestamp)))

    def _note(self, app_id: AppId, because: AuditEvent, words: str) -> "TransactWriteItemTypeDef":
        note = Note(
            event_id=because.event_id,
            action=because.action,
            by=because.actor.id,
            at=because.timestamp,
            words=words,
        )
        place = f"NOTE#{_moment(note.at)}#{note.event_id}"
        return self._put({"pk": _pk(app_id), "sk": place, "body": note.model_dump_json()})

    def _due(self, app_id: AppId, kind: DueKind, day: date | None) -> "TransactWriteItemTypeDef":
        key = {"pk": _pk(app_id), "sk": f"DUE#{kind}"}
        if day is None:
            return {"Delete": {"TableName": self._table, "Key": _wire(key)}}
        index = {"gsi3pk": f"DUE#{kind}", "gsi3sk": f"{day}#{app_id}"}
        return self._put({**key, **index, "app_id": str(app_id), "day": str(day)})


def stored_bundle(s3: "S3Client", bucket: str, digest: BundleDigest) -> Bundle:
    """The bundle of this digest in `bucket`; raises `NotFound`, also when it is not what its name says."""
    try:
        body = s3.get_object(Bucket=bucket, Key=_bundle_key(digest))["Body"].read()
    except s3.exceptions.NoSuchKey:
        raise NotFound(f"there is no bundle {digest}") from None
    bundle = Bundle.from_zip(body)
    if bundle.digest != digest:
        raise NotFound(f"the stored bundle {digest} was altered")
    return bundle


def _pk(app_id: AppId) -> str:
    return f"APP#{app_id}"


def _app_key(app_id: AppId) -> dict[str, str]:
    return {"pk": _pk(app_id), "sk": "APP"}


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _bundle_key(digest: BundleDigest) -> str:
    return f"bundles/{digest.hex}.zip"


def _app_item(app: App) -> dict[str, Any]:
    index = {
        "gsi1pk": f"OWNER#{app.owner}",
        "gsi1sk": str(app.app_id),
        "gsi2pk": f"STATE#{app.state}",
        "gsi2sk": f"{app.name.casefold()}#{app.app_id}",
    }
    return {**_app_key(app.app_id), **index, **app.model_dump(mode="json")}


def card_item(card: Card) -> dict[str, Any]:
    """The row of a card."""
    index = {"gsi3pk": CARDS, "gsi3sk": f"{_moment(card.changed)}#{card.app_id}"}
    return {"pk": _pk(card.app_id), "sk": "CARD", **index, "card": card.model_dump_json()}


def _offer_item(offer: Offer) -> dict[str, Any]:
    index = {"gsi1pk": f"OFFERED#{offer.to.casefold()}", "gsi1sk": str(offer.app_id)}
    return {"pk": _pk(offer.app_id), "sk": "OFFER", **index, "body": offer.model_dump_json()}


def _app(item: dict[str, Any]) -> App:
    plain = _plain(item)
    return App.model_validate({name: value for name, value in plain.items() if name not in _INDEX_KEYS})


def _wire(values: dict[str, Any]) -> dict[str, Any]:
    from boto3.dynamodb.types import TypeSerializer  # noqa: PLC0415 - keeps the SDK out of cold imports

    serialize = TypeSerializer().serialize
    return {name: serialize(value) for name, value in values.items()}


def _plain(item: dict[str, Any]) -> dict[str, Any]:
    from boto3.dynamodb.types import TypeDeserializer  # noqa: PLC0415 - likewise

    deserialize = TypeDeserializer().deserialize
    return {name: deserialize(value) for name, value in item.items()}
