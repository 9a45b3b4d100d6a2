"""Sessions, and sign-ins on their way."""

import re
import secrets
from datetime import datetime, timedelta
from typing import Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from appguard.kernel.event import Role
from appguard.kernel.ids import TypedId
from appguard.kernel.person import Person
from appguard.portal.lock import Lock, new_token

IDLE = timedelta(minutes=60)
ABSOLUTE = timedelta(hours=10)
SIGN_IN = timedelta(minutes=10)
FRESH = timedelta(minutes=15)
"""How recent a sign-in must be to decide on somebody's request."""


class SignedIn(BaseModel):
    """Whom the identity provider vouches for, and when that person last proved it, if it says so."""

    model_config = ConfigDict(frozen=True)

    person: Person
    proved_at: AwareDatetime | None

    def fresh(self, now: datetime) -> bool:
        """Whether the person proved who they are recently enough to decide.

        A new session is no such proof: the provider opens one without a word while its own lasts.
        """
        return self.proved_at is not None and now - self.proved_at <= FRESH


class SessionId(TypedId):
    """One session, for as long as it lasts, however often its secret changes. It opens nothing."""

    pattern = re.compile(r"[A-Za-z0-9_-]{22}")
    shape = "22 characters of the URL-safe alphabet"

    @classmethod
    def new(cls) -> Self:
        """A name no session has had."""
        return cls(secrets.token_urlsafe(16))


class Session(SignedIn):
    """Somebody is signed in. The cookie holds `<session id>.<secret>`, the table the secret's hash."""

    session_id: SessionId = Field(default_factory=SessionId.new)
    roles: frozenset[Role] = frozenset()
    """Those of the last request: with others, the secret changes."""
    csrf: str = Field(default_factory=new_token)
    device: str = ""
    signed_in_at: AwareDatetime
    proved_at: AwareDatetime | None = None
    seen_at: AwareDatetime
    lock: Lock
    version: int = 0

    @property
    def expires_at(self) -> datetime:
        """The earlier of the idle and the absolute limit."""
        return min(self.seen_at + IDLE, self.signed_in_at + ABSOLUTE)

    def alive(self, now: datetime) -> bool:
        """Whether the session still counts at `now`."""
        return now < self.expires_at


class SignIn(BaseModel):
    """A sign-in that left for the identity provider; taken once when it comes back."""

    model_config = ConfigDict(frozen=True)

    state: str = Field(default_factory=new_token)
    nonce: str = Field(default_factory=new_token)
    verifier: str = Field(default_factory=new_token)
    fresh: bool = False
    return_to: str = "/"
    started_at: AwareDatetime

    @property
    def expires_at(self) -> datetime:
        """When coming back is too late."""
        return self.started_at + SIGN_IN
