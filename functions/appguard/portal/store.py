"""Sessions and sign-ins in DynamoDB. TTL removes what expired; reads do not rely on it.

| item | pk |
|---|---|
| sign-in on its way | SIGNIN#hash of its token |
| session | SESSION#id |
| a person's roles, and the ids of their sessions | PERSON#hash of their id |
"""

from functools import cache
from typing import TYPE_CHECKING

from appguard.audit.outbox import Outbox, outbox
from appguard.kernel.clock import Clock, utc_now
from appguard.kernel.errors import StaleVersion
from appguard.kernel.event import AuditEvent, Role
from appguard.kernel.person import Person
from appguard.portal.lock import Lock, hashed, new_token
from appguard.portal.model import Session, SessionId, SignedIn, SignIn
from appguard.portal.settings import settings

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef, TransactWriteItemTypeDef

TOUCH_AFTER_SECONDS = 60
AT_ONCE = 100  # keys that one BatchGetItem takes


def session_key(session_id: str) -> str:
    """Key of a session's row."""
    return "SESSION#" + session_id


def person_key(person: Person) -> str:
    """Key of the roles a person last came with and of their sessions; who it is cannot be read from it."""
    return "PERSON#" + hashed(person.id)


def sign_in_key(token: str) -> str:
    """Key of a sign-in on its way."""
    return "SIGNIN#" + hashed(token)


class SessionStore:
    """The table of sessions, and of the roles people last came with."""

    def __init__(self, client: "DynamoDBClient", table: str, outbox: Outbox, clock: Clock = utc_now) -> None:
        """Keep sessions in `table`; what the ledger should know is written with them."""
        self._client = client
        self._table = table
        self._outbox = outbox
        self._clock = clock

    def begin(self, return_to: str, *, fresh: bool = False) -> tuple[str, SignIn]:
        """Remember a sign-in that leaves for the identity provider; the token binds it to the browser."""
        token, sign_in = new_token(), SignIn(started_at=self._clock(), return_to=return_to, fresh=fresh)
        row = _row(sign_in_key(token), sign_in.model_dump_json(), sign_in.expires_at)
        self._client.put_item(TableName=self._table, Item=row)
        return token, sign_in

    def take(self, token: str) -> SignIn | None:
        """The sign-in of this browser, once: taking it removes it."""
        key = _key(sign_in_key(token))
        gone = self._client.delete_item(TableName=self._table, Key=key, ReturnValues="ALL_OLD")
        row = gone.get("Attributes")
        sign_in = SignIn.model_validate_json(row["body"]["S"]) if row else None
        return sign_in if sign_in and self._clock() < sign_in.expires_at else None

    def last_roles(self, person: Person) -> frozenset[str] | None:
        """The names of the roles this person came with last; `None` for somebody new."""
        row = self._get(person_key(person))
        return frozenset(row["roles"]["S"].split()) if row else None

    def create(
        self, signed_in: SignedIn, roles: frozenset[Role], device: str, *because: AuditEvent
    ) -> tuple[str, Session]:
        """Sign a person in under a token nobody has seen before (no session fixation), and say so."""
        now, secret = self._clock(), new_token()
        session = Session(
            person=signed_in.person,
            roles=roles,
            device=device,
            signed_in_at=now,
            proved_at=signed_in.proved_at,
            seen_at=now,
            lock=Lock(current=hashed(secret), since=now),
        )
        self._outbox.commit([self._put(session), self._came(session)], *because)
        return f"{session.session_id}.{secret}", session

    def find(self, token: str) -> Session | None:
        """The living session this token opens."""
        session_id, _, secret = token.partition(".")
        row = self._get(session_key(session_id))
        if row is None:
            return None
        session, now = Session.model_validate_json(row["body"]["S"]), self._clock()
        if not session.alive(now):
            self.drop(session.session_id)
            return None
        return session if session.lock.opens(secret, now) else None

    def keep(
        self, session: Session, token: str, person: Person, roles: frozenset[Role], *because: AuditEvent
    ) -> tuple[Session, str | None]:
        """The session after a request with `token`, and the token that is to follow it, if one is.

        It does not idle out; its secret changes after a while, and at once where the person came to have
        other roles, `because` of which the ledger is told. Of requests at the same time one changes it.
        """
        now, secret = self._clock(), token.partition(".")[2]
        current = session.model_copy(update={"person": person, "roles": roles})
        lock, following = session.lock.shown(secret, now), None
        if lock.due(now) or roles != session.roles:
            following = new_token()
            lock = lock.changed(secret, following, now)
        if lock == session.lock and (now - session.seen_at).total_seconds() < TOUCH_AFTER_SECONDS:
            return current, None
        kept = current.model_copy(update={"seen_at": now, "lock": lock, "version": session.version + 1})
        if not self._replace(session, kept, because):
            return current, None
        return kept, f"{kept.session_id}.{following}" if following else None

    def of(self, person: Person) -> list[Session]:
        """The person's living sessions, the latest used first; the ids of dead ones are forgotten."""
        row = self._get(person_key(person))
        ids = row.get("sessions", {}).get("SS", []) if row else []
        now = self._clock()
        living = [each for each in self._several(ids) if each.alive(now)]
        if dead := set(ids) - {each.session_id for each in living}:
            self._forget(person, dead)
        return sorted(living, key=lambda each: each.seen_at, reverse=True)

    def end(self, session: Session, because: AuditEvent) -> None:
        """Sign out: no token opens this session any more."""
        delete: TransactWriteItemTypeDef = {
            "Delete": {"TableName": self._table, "Key": _key(session_key(session.session_id))}
        }
        self._outbox.commit([delete], because)

    def drop(self, session_id: SessionId) -> None:
        """Remove a session that ran out, or that another takes the place of."""
        self._client.delete_item(TableName=self._table, Key=_key(session_key(session_id)))

    def _put(self, session: Session) -> "TransactWriteItemTypeDef":
        return {"Put": {"TableName": self._table, "Item": _session_row(session)}}

    def _came(self, session: Session) -> "TransactWriteItemTypeDef":
        """With which roles the person came, and one session more."""
        return {
            "Update": {
                "TableName": self._table,
                "Key": _key(person_key(session.person)),
                "UpdateExpression": "SET #roles = :roles ADD sessions :one",
                "ExpressionAttributeNames": {"#roles": "roles"},
                "ExpressionAttributeValues": {
                    ":roles": {"S": " ".join(sorted(session.roles))},
                    ":one": {"SS": [session.session_id]},
                },
            }
        }

    def _replace(self, before: Session, after: Session, because: "Collection[AuditEvent]") -> bool:
        """Write `after` unless another request changed the session, or somebody ended it."""
        put = self._put(after)
        put["Put"]["ConditionExpression"] = "version = :seen"
        put["Put"]["ExpressionAttributeValues"] = {":seen": {"N": str(before.version)}}
        try:
            if because:
                return self._outbox.commit([put, self._came(after)], *because)
            self._client.put_item(**put["Put"])
        except (StaleVersion, self._client.exceptions.ConditionalCheckFailedException):
            return False
        return True

    def _forget(self, person: Person, dead: set[str]) -> None:
        self._client.update_item(
            TableName=self._table,
            Key=_key(person_key(person)),
            UpdateExpression="DELETE sessions :dead",
            ExpressionAttributeValues={":dead": {"SS": sorted(dead)}},
        )

    def _several(self, ids: "Sequence[str]") -> "list[Session]":
        found: list[Session] = []
        for start in range(0, len(ids), AT_ONCE):
            keys = [_key(session_key(one)) for one in ids[start : start + AT_ONCE]]
            answer = self._client.batch_get_item(
                RequestItems={self._table: {"Keys": keys, "ConsistentRead": True}}
            )
            rows = answer["Responses"].get(self._table, [])
            found += (Session.model_validate_json(row["body"]["S"]) for row in rows)
        return found

    def _get(self, key: str) -> "dict[str, AttributeValueTypeDef] | None":
        return self._client.get_item(TableName=self._table, Key=_key(key), ConsistentRead=True).get("Item")


def _key(key: str) -> "dict[str, AttributeValueTypeDef]":
    return {"pk": {"S": key}}


def _session_row(session: Session) -> "dict[str, AttributeValueTypeDef]":
    row = _row(session_key(session.session_id), session.model_dump_json(), session.expires_at)
    return {**row, "version": {"N": str(session.version)}}


def _row(key: str, body: str, expires: "datetime") -> "dict[str, AttributeValueTypeDef]":
    return {**_key(key), "body": {"S": body}, "expires": {"N": str(int(expires.timestamp()))}}


@cache
def sessions() -> SessionStore:
    """The store of this deployment."""
    import boto3  # noqa: PLC0415 - half a second that the health check and static files need not pay

    return SessionStore(boto3.client("dynamodb"), settings().sessions_table, outbox())
