"""Who submits: the run of a CI, proved by a token its Git service signed for this platform and this run."""

import json
from collections.abc import Callable
from datetime import datetime

from appguard.kernel.clock import Clock, utc_now
from appguard.kernel.oidc.id_token import MAX_TOKEN, IdTokens, TokenInvalid
from appguard.kernel.oidc.issuer import Issuer
from appguard.provenance.sources import Forge, Sources
from appguard.submissions.claims import read
from appguard.submissions.errors import CiTokenRefused
from appguard.submissions.model import Vouched


class Runs:
    """Believes the Git services of `policies/sources.yaml`, and what they sign for our audience alone."""

    def __init__(
        self,
        believed: Callable[[], Sources],
        audience: str,
        clock: Clock = utc_now,
        issuer: Callable[[str], Issuer] = Issuer,
    ) -> None:
        """Tokens must be made for `audience`; `issuer` knows the keys of the one at an address."""
        self._believed, self._audience, self._clock, self._issuer = believed, audience, clock, issuer
        self._tokens: dict[str, IdTokens] = {}

    def vouched(self, token: str) -> Vouched:
        """What the token's Git service vouches for; raises `CiTokenRefused`, `NotAPush` or `Unavailable`."""
        try:
            forge = self._named_in(token)
            claims = self._verified(forge, token, self._clock())
        except (TokenInvalid, ValueError, KeyError, TypeError, AttributeError) as error:
            raise CiTokenRefused("The token of this run is not valid here.") from error
        return read(forge, claims)

    def _named_in(self, token: str) -> Forge:
        """The Git service whose keys are to be asked: the token's word, which its signature has to keep."""
        from joserfc.util import urlsafe_b64decode  # noqa: PLC0415 - cryptography is heavy

        if len(token) > MAX_TOKEN or not token.isascii():
            raise ValueError("not a compact token")
        _, payload, _ = token.split(".")
        said = json.loads(urlsafe_b64decode(payload.encode())).get("iss")
        forge = next((forge for forge in self._believed().forges if forge.issuer == said), None)
        if forge is None:
            raise ValueError("no issuer of ours")
        return forge

    def _verified(self, forge: Forge, token: str, now: datetime) -> dict[str, object]:
        """Its claims; an issuer, and so its keys, outlives the invocation."""
        if forge.issuer not in self._tokens:
            self._tokens[forge.issuer] = IdTokens(self._issuer(forge.issuer), self._audience)
        return self._tokens[forge.issuer].claims(token, now)
