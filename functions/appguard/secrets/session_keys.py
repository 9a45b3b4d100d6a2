"""The keys that seal an app's session cookies. The runtime accepts the previous key: nobody is signed out."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from appguard.secrets.errors import RotationFailed
from appguard.secrets.provider import Value

KEY_BYTES = 32


class SessionKeys(BaseModel):
    """The secret's content: the key in force and, after a rotation, the one before it."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    session_key: str = Field(min_length=43, repr=False)
    previous: str | None = Field(default=None, repr=False)

    def followed_by(self, key: str) -> "SessionKeys":
        """The next content: a new key, and this one as the previous."""
        return SessionKeys(session_key=key, previous=self.session_key)


@dataclass(frozen=True)
class SessionKeyMethod:
    """Only the app itself uses the key: there is nothing to set, and the value holds the overlap."""

    new_key: Callable[[], str] = lambda: secrets.token_urlsafe(KEY_BYTES)

    def create(self, current: Value | None) -> str:
        """A new key, with the current one as the previous."""
        if current is None:
            raise RotationFailed("the app's stack has no session key yet")
        return _keys(current).followed_by(self.new_key()).model_dump_json()

    def set(self, _pending: Value, _current: Value | None) -> None:
        """Nothing to do."""

    def test(self, pending: Value, current: Value | None) -> None:
        """The new content must accept what the current key sealed."""
        next_keys, now = _keys(pending), _keys(current) if current else None
        if now and now.session_key not in (next_keys.previous, next_keys.session_key):
            raise RotationFailed("the pending session key does not follow the current one")

    def finish(self, _pending: Value) -> None:
        """The rotation after this one forgets the previous key."""


def _keys(value: Value) -> SessionKeys:
    try:
        return SessionKeys.model_validate_json(value.text)
    except ValidationError:
        raise RotationFailed("a secret that should hold session keys does not") from None
