"""Tokens nobody should believe."""

import base64
import json
from dataclasses import dataclass
from typing import Any

from joserfc import jwt


@dataclass
class Forger:
    """Makes tokens like a real one, with a key that may or may not be the provider's."""

    key: Any
    real: str

    @property
    def header(self) -> dict[str, Any]:
        """The header of the real one."""
        return unpacked(self.real.split(".")[0])

    @property
    def claims(self) -> dict[str, Any]:
        """The claims of the real one."""
        return unpacked(self.real.split(".")[1])

    def token(self, key: Any = None, header: dict[str, Any] | None = None, **claims: Any) -> str:
        """Signed for real, after these changes; None takes a claim away."""
        changed = {name: value for name, value in (self.claims | claims).items() if value is not None}
        head = self.header | (header or {})
        head = {name: value for name, value in head.items() if value is not None}
        return jwt.encode(head, changed, key or self.key, algorithms=[head["alg"]])


def unpacked(part: str) -> dict[str, Any]:
    """One part of a token, read."""
    read: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return read


def packed(part: dict[str, Any]) -> str:
    """One part of a token, written."""
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()
