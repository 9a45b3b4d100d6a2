"""Sessions and sign-ins in DynamoDB. TTL removes what expired; reads do not rely on it."""

from functools import cache
from typing import TYPE_CHECKING

from appguard.kernel.clock import Clock, utc_now
from appguard.kernel.person import Person
from appguard.portal.model import Session, SignIn, hashed, new_token
from appguard.portal.settings import settings

if TYPE_CHECKING:
    from datetime import datetime

    from mypy_boto3_dynamodb.service_resource import Table

TOUCH_AFTER_SECONDS = 60


def session_key(token: str) -> str:
    """Key of a session's row."""
    return "SESSION#" + hashed(token)


def sign_in_key(token: str) -> str:
    """Key of a sign-in on its way."""
    return "SIGNIN#" + hashed(token)


class SessionStore:
    """The table of sessions."""

    def __init__(self, table: "Table", clock: Clock = utc_now) -> None:
        """Keep sessions in `table`."""
        self._table = table
        self._clock = clock

    def begin(self, return_to: str, *, fresh: bool = False) -> tuple[str, SignIn]:
        """Remember a sign-in that leaves for the identity provider; the token binds it to the browser."""
        token, sign_in = new_token(), SignIn(started_at=self._clock(), return_to=return_to, fresh=fresh)
        self._put(sign_in_key(token), sign_in.model_dump_json(), sign_in.expires_at)
        return token, sign_in

    def take(self, token: str) -> SignIn | None:
        """The sign-in of this browser, once: taking it removes it."""
        row = self._table.delete_item(Key={"pk": sign_in_key(token)}, ReturnValues="ALL_OLD").get(
            "Attributes"
        )
        sign_in = SignIn.model_validate_json(str(row["body"])) if row else None
        return sign_in if sign_in and self._clock() < sign_in.expires_at else None

    def create(self, person: Person, proved_at: "datetime | None" = None) -> tuple[str, Session]:
        """Sign a person in under a token nobody has seen before (no session fixation)."""
        now, token = self._clock(), new_token()
        session = Session(person=person, signed_in_at=now, proved_at=proved_at, seen_at=now)
        self._put(session_key(token), session.model_dump_json(), session.expires_at)
        return token, session

    def find(self, token: str) -> Session | None:
        """The living session of this token; being found keeps it from idling out."""
        row = self._table.get_item(Key={"pk": session_key(token)}, ConsistentRead=True).get("Item")
        if row is None:
            return None
        session, now = Session.model_validate_json(str(row["body"])), self._clock()
        if not session.alive(now):
            self.end(token)
            return None
        return self._touch(token, session, now)

    def end(self, token: str) -> None:
        """Sign out: the token opens nothing any more."""
        self._table.delete_item(Key={"pk": session_key(token)})

    def _touch(self, token: str, session: Session, now: "datetime") -> Session:
        if (now - session.seen_at).total_seconds() < TOUCH_AFTER_SECONDS:
            return session
        seen = session.model_copy(update={"seen_at": now})
        missing = self._table.meta.client.exceptions.ConditionalCheckFailedException
        try:
            self._table.put_item(
                Item=_row(session_key(token), seen.model_dump_json(), seen.expires_at),
                ConditionExpression="attribute_exists(pk)",
            )
        except missing:  # signed out in another tab meanwhile
            return session
        return seen

    def _put(self, key: str, body: str, expires: "datetime") -> None:
        self._table.put_item(Item=_row(key, body, expires))


def _row(key: str, body: str, expires: "datetime") -> dict[str, str | int]:
    return {"pk": key, "body": body, "expires": int(expires.timestamp())}


@cache
def sessions() -> SessionStore:
    """The store of this deployment."""
    import boto3  # noqa: PLC0415 - half a second that the health check and static files need not pay

    return SessionStore(boto3.resource("dynamodb").Table(settings().sessions_table))
