"""The token of the company's directory: whoever shows it is that directory."""

import hmac
import time
from collections.abc import Callable
from functools import cache
from hashlib import sha256

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from appguard.directory.errors import TokenRefused
from appguard.kernel.errors import Misconfigured
from appguard.secrets.names import SecretName
from appguard.secrets.provider import Provider, provider

KEPT_SECONDS = 60.0
SHORTEST = 32


class Tokens(BaseModel):
    """The secret: the token in force, and during a change the one before it."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    token: SecretStr = Field(min_length=SHORTEST)
    previous: SecretStr | None = Field(default=None, min_length=SHORTEST)


class Gate:
    """Lets in who has the token. The secret is read anew once a minute."""

    def __init__(self, secrets: Provider, ticks: Callable[[], float] = time.monotonic) -> None:
        """Read the token from `secrets`."""
        self._secrets, self._ticks = secrets, ticks
        self._read: tuple[float, tuple[bytes, ...]] | None = None

    def demand(self, authorization: str) -> None:
        """Raise `TokenRefused` unless this header holds the token; digests are compared, in constant time."""
        scheme, _, given = authorization.partition(" ")
        digest = _digest(given.strip())
        matches = [hmac.compare_digest(digest, known) for known in self._known()]
        if scheme.lower() != "bearer" or not any(matches):
            raise TokenRefused("this token opens nothing")

    def _known(self) -> tuple[bytes, ...]:
        now = self._ticks()
        if self._read is None or now - self._read[0] >= KEPT_SECONDS:
            self._read = (now, self._fetched())
        return self._read[1]

    def _fetched(self) -> tuple[bytes, ...]:
        value = self._secrets.read(SecretName.scim())
        try:
            tokens = Tokens.model_validate_json(value.text if value else "")
        except ValidationError:
            raise Misconfigured(
                f"the secret {SecretName.scim()} must be JSON with a token of at least {SHORTEST} characters"
            ) from None
        both = (tokens.token, tokens.previous)
        return tuple(_digest(one.get_secret_value()) for one in both if one)


@cache
def gate() -> Gate:
    """The gate of this deployment, made on first use."""
    return Gate(provider())


def _digest(token: str) -> bytes:
    return sha256(token.encode(errors="surrogatepass")).digest()
