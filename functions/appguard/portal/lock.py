"""What opens a session: a secret that changes, and for a moment the one before it."""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from typing import Self

from pydantic import AwareDatetime, BaseModel, ConfigDict

CHANGE_AFTER = timedelta(minutes=15)
"""The age at which a secret is replaced: a copied cookie is worth no more than this and the overlap."""
OVERLAP = timedelta(seconds=60)
"""How long the old secret still opens once the browser came with the new one: requests on their way."""


def new_token() -> str:
    """256 random bits for a cookie, a state or a nonce."""
    return secrets.token_urlsafe(32)


def hashed(token: str) -> str:
    """What is stored of a token: reading the table does not let anybody in."""
    return hashlib.sha256(token.encode()).hexdigest()


class Lock(BaseModel):
    """The hashes of what opens a session now.

    The old secret stays good until the browser shows the new one: an answer that got lost on the way must
    sign nobody out. From then on it has a minute.
    """

    model_config = ConfigDict(frozen=True)

    current: str
    since: AwareDatetime
    previous: str | None = None
    previous_until: AwareDatetime | None = None

    def opens(self, secret: str, now: datetime) -> bool:
        """Whether the secret is one of those that count, told in constant time."""
        given = hashed(secret)
        if hmac.compare_digest(given, self.current):
            return True
        in_time = self.previous_until is None or now < self.previous_until
        return self.previous is not None and hmac.compare_digest(given, self.previous) and in_time

    def shown(self, secret: str, now: datetime) -> Self:
        """The lock once the browser came with this secret: with the new one, the old one begins to end."""
        arrived = hashed(secret) == self.current
        if not arrived or self.previous is None or self.previous_until is not None:
            return self
        return self.model_copy(update={"previous_until": now + OVERLAP})

    def due(self, now: datetime) -> bool:
        """Whether it is time for another secret."""
        return now - self.since >= CHANGE_AFTER

    def changed(self, shown: str, new: str, now: datetime) -> Self:
        """The lock with a new secret, the one just shown being the old one."""
        return type(self)(current=hashed(new), since=now, previous=hashed(shown))
