"""Who the end user is: the person of a verified OIDC ID token, and nothing a request may say."""

from appguard.connectors.errors import TokenRefused
from appguard.kernel.clock import Clock, utc_now
from appguard.kernel.oidc.id_token import IdTokens, TokenInvalid, person
from appguard.kernel.person import Person


class TokenVerifier:
    """Tells end users by their ID tokens."""

    def __init__(self, tokens: IdTokens, clock: Clock = utc_now) -> None:
        """Believe what `tokens` accepts."""
        self._tokens = tokens
        self._clock = clock

    def person(self, token: str) -> Person:
        """The person the token vouches for; raises `TokenRefused` without saying which check failed."""
        try:
            return person(self._tokens.claims(token, self._clock()))
        except TokenInvalid as error:
            raise TokenRefused("the user's sign-in is not valid here") from error.__cause__ or error
