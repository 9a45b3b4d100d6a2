"""Who the end user is: the person of a verified OIDC ID token, and nothing a request may say."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from appguard.connectors.errors import TokenRefused
from appguard.kernel.clock import Clock, utc_now
from appguard.kernel.oidc.id_token import IdTokens, TokenInvalid, person
from appguard.kernel.person import Person

KEEP_SECONDS = 60.0
REFUSED = "the user's sign-in is not valid here"
MANY = 2000


class TokenVerifier:
    """Tells end users by their ID tokens.

    A page asks many queries with one token: that the issuer signed it, and that the person has not left
    nor signed out everywhere since, is remembered for a minute, by the token's digest. For whom it is and
    until when is looked at each time.
    """

    def __init__(
        self,
        tokens: IdTokens,
        still_here: Callable[[Person, datetime], bool],
        clock: Clock = utc_now,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        """Believe what `tokens` accepts of whom `still_here` says that a token of then counts."""
        self._tokens, self._still_here, self._clock, self._ticks = tokens, still_here, clock, ticks
        self._seen: dict[bytes, tuple[float, dict[str, Any]]] = {}

    def person(self, token: str) -> Person:
        """The person the token vouches for; raises `TokenRefused` without saying which check failed."""
        try:
            return self._person(token)
        except TokenInvalid as error:
            raise TokenRefused(REFUSED) from error.__cause__ or error

    def _person(self, token: str) -> Person:
        digest, now = sha256(token.encode(errors="surrogatepass")).digest(), self._ticks()
        seen_at, seen = self._seen.get(digest, (now, None))
        if seen is not None and now - seen_at < KEEP_SECONDS:
            self._tokens.check(seen, self._clock())
            return person(seen)
        claims = self._tokens.signed(token)
        self._tokens.check(claims, self._clock())
        who = person(claims)
        if not self._still_here(who, datetime.fromtimestamp(claims["iat"], UTC)):
            raise TokenRefused(REFUSED)
        if len(self._seen) >= MANY:
            self._seen.clear()
        self._seen[digest] = (now, claims)
        return who
