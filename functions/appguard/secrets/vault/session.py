"""Signed in to Vault: the token is renewed before it expires, and made anew where Vault has forgotten it."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, SecretStr, ValidationError

from appguard.secrets.vault.errors import VaultAway, VaultDenied
from appguard.secrets.vault.exchange import Answer, Exchange
from appguard.secrets.vault.iam import Proof

OK, FORBIDDEN, NOT_FOUND = 200, 403, 404
RENEW_AT = 2 / 3  # of a token's life


class Auth(BaseModel):
    """What a sign-in or a renewal gives."""

    client_token: SecretStr
    lease_duration: int
    renewable: bool = False


@dataclass
class VaultSession:
    """One process's sign-in, made on first use."""

    exchange: Exchange
    proof: Callable[[], Proof]
    ticks: Callable[[], float] = time.monotonic
    _auth: Auth | None = field(default=None, repr=False)
    _since: float = 0.0

    def ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Answer:
        """Vault's answer; a token it does not take is replaced once. Raises `VaultDenied`."""
        answer = self._with_token(method, path, body)
        if answer.status == FORBIDDEN:
            self._auth = None  # revoked, or expired while the function was frozen
            answer = self._with_token(method, path, body)
        if answer.status == FORBIDDEN:
            raise VaultDenied(f"Vault refuses {method} {path}")
        return answer

    def _with_token(self, method: str, path: str, body: Mapping[str, Any] | None) -> Answer:
        headers = {"x-vault-token": self._token().client_token.get_secret_value()}
        return self.exchange(method, path, headers, body)

    def _token(self) -> Auth:
        age = self.ticks() - self._since
        if self._auth is None or (self._auth.lease_duration and age >= self._auth.lease_duration):
            self._keep(self._sign_in())
        elif self._auth.lease_duration and age >= self._auth.lease_duration * RENEW_AT:
            self._keep(self._renewed(self._auth) or self._sign_in())
        assert self._auth is not None  # noqa: S101 - just kept
        return self._auth

    def _keep(self, auth: Auth) -> None:
        self._auth, self._since = auth, self.ticks()

    def _renewed(self, auth: Auth) -> Auth | None:
        """The same token for longer; None where its time is up for good."""
        if not auth.renewable:
            return None
        headers = {"x-vault-token": auth.client_token.get_secret_value()}
        answer = self.exchange("POST", "auth/token/renew-self", headers, {})
        return _auth_of(answer) if answer.status == OK else None

    def _sign_in(self) -> Auth:
        answer = self.exchange("POST", "auth/aws/login", {}, self.proof())
        if answer.status != OK:
            raise VaultDenied(f"Vault does not let us in ({answer.status})")
        return _auth_of(answer)


def _auth_of(answer: Answer) -> Auth:
    try:
        return Auth.model_validate(answer.body.get("auth"))
    except ValidationError:
        raise VaultAway("Vault answered a sign-in with something else") from None
