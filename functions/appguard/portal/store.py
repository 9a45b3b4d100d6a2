"""Sessions and sign-ins in DynamoDB. TTL removes what expired; reads do not rely on it."""

from functools import cache
from typing import TYPE_CHECKING

from appguard.audit.outbox import Outbox, outbox
from appguard.kernel.clock import Clock, utc_now
from appguard.kernel.event import AuditEvent, Role
from appguard.kernel.person import Person
from appguard.portal.model import Session, SignedIn, SignIn, hashed, new_token
from appguard.portal.settings import settings

if TYPE_CHECKING:
    from datetime import datetime

    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef, TransactWriteItemTypeDef

TOUCH_AFTER_SECONDS = 60


def session_key(token: str) -> str:
    """Key of a session's row."""
    return "SESSION#" + hashed(token)


def roles_key(person: Person) -> str:
    """Key of the roles a person last came with; who it is cannot be read from it."""
    return "ROLES#" + hashed(person.id)


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
        row = self._get(roles_key(person))
        return frozenset(row["roles"]["S"].split()) if row else None

    def create(
        self, signed_in: SignedIn, roles: frozenset[Role], *because: AuditEvent
    ) -> tuple[str, Session]:
        """Sign a person in under a token nobody has seen before (no session fixation), and say so."""
        now, token = self._clock(), new_token()
        person = signed_in.person
        session = Session(person=person, signed_in_at=now, proved_at=signed_in.proved_at, seen_at=now)
        rows = (
            _row(session_key(token), session.model_dump_json(), session.expires_at),
            {**_key(roles_key(person)), "roles": {"S": " ".join(sorted(roles))}},
        )
        self._outbox.commit([{"Put": {"TableName": self._table, "Item": row}} for row in rows], *because)
        return token, session

    def find(self, token: str) -> Session | None:
        """The living session of this token; being found keeps it from idling out."""
        row = self._get(session_key(token))
        if row is None:
            return None
        session, now = Session.model_validate_json(row["body"]["S"]), self._clock()
        if not session.alive(now):
            self.drop(token)
            return None
        return self._touch(token, session, now)

    def end(self, token: str, because: AuditEvent) -> None:
        """Sign out: the token opens nothing any more."""
        delete: TransactWriteItemTypeDef = {
            "Delete": {"TableName": self._table, "Key": _key(session_key(token))}
        }
        self._outbox.commit([delete], because)

    def drop(self, token: str) -> None:
        """Remove a session that ran out, or that another takes the place of."""
        self._client.delete_item(TableName=self._table, Key=_key(session_key(token)))

    def _touch(self, token: str, session: Session, now: "datetime") -> Session:
        if (now - session.seen_at).total_seconds() < TOUCH_AFTER_SECONDS:
            return session
        seen = session.model_copy(update={"seen_at": now})
        try:
            self._client.put_item(
                TableName=self._table,
                Item=_row(session_key(token), seen.model_dump_json(), seen.expires_at),
                ConditionExpression="attribute_exists(pk)",
            )
        except self._client.exceptions.ConditionalCheckFailedException:  # signed out in another tab
            return session
        return seen

    def _get(self, key: str) -> "dict[str, AttributeValueTypeDef] | None":
        return self._client.get_item(TableName=self._table, Key=_key(key), ConsistentRead=True).get("Item")


def _key(key: str) -> "dict[str, AttributeValueTypeDef]":
    return {"pk": {"S": key}}


def _row(key: str, body: str, expires: "datetime") -> "dict[str, AttributeValueTypeDef]":
    return {**_key(key), "body": {"S": body}, "expires": {"N": str(int(expires.timestamp()))}}


@cache
def sessions() -> SessionStore:
    """The store of this deployment."""
    import boto3  # noqa: PLC0415 - half a second that the health check and static files need not pay

    return SessionStore(boto3.client("dynamodb"), settings().sessions_table, outbox())
