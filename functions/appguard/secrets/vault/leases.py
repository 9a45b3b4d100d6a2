"""Logins that Vault's database engine makes: each is a lease, and gone from the database when it ends.

Vault ends a lease with the token it was asked for with, and a function's token lives for an hour. So each
login is asked for with a token of its own, which outlives it and is forgotten here at once; any token that
may is good for renewing and ending it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from pydantic import BaseModel, Field, SecretStr, ValidationError

from appguard.kernel.errors import Misconfigured
from appguard.kernel.ids import ConnectorName
from appguard.secrets.leases import LEAST_LEFT, LeaseId, NewLogin
from appguard.secrets.vault.errors import VaultAway, VaultDenied
from appguard.secrets.vault.exchange import Answer
from appguard.secrets.vault.session import OK, VaultSession

MOUNT = "database"
GONE = (400, 404)  # what Vault says of a lease that ended, and of one it cannot prolong
NO_CONTENT = 204


class _Login(BaseModel):
    username: str = Field(min_length=1)
    password: SecretStr


class _Creds(BaseModel):
    """What `creds` answers."""

    lease_id: str = Field(min_length=1)
    lease_duration: int
    data: _Login


@dataclass(frozen=True)
class VaultLeases:
    """`vault` renews and ends; `afresh` signs in for one new login, with a token that lives `lasting`."""

    vault: VaultSession
    afresh: Callable[[], VaultSession]
    lasting: timedelta

    def take(self, connector: ConnectorName) -> NewLogin:
        """A new login, as the connector's role in Vault describes it; raises `Misconfigured`."""
        session = self.afresh()
        life = session.life()
        if life and life < self.lasting:
            raise Misconfigured(
                f"Vault gives tokens for {life}, and a login ends with the token it was asked for with",
                f"Give the role of logins a token_ttl of at least {self.lasting}; see docs/deploy.md.",
            )
        made = _creds(session.ask("GET", f"{MOUNT}/creds/appguard-{connector}"), connector)
        lease = LeaseId(made.lease_id)
        if timedelta(seconds=made.lease_duration) <= LEAST_LEFT:
            self.revoke(lease)
            raise Misconfigured(
                f"Vault makes logins for {connector} that end before they would be renewed",
                f"Give its role a default_ttl of a day, and more than {LEAST_LEFT} at least.",
            )
        return NewLogin(user=made.data.username, password=made.data.password, lease=lease)

    def renew(self, lease: LeaseId) -> timedelta:
        """Prolong it by its role's usual time; for how long it works now, which is zero once it ended."""
        answer = self._lease("renew", lease)
        if answer.status not in GONE:
            return _left(_found(answer).get("lease_duration"))
        known = self._lease("lookup", lease)  # it may work on and only not be prolonged
        if known.status in GONE:
            return timedelta()
        data = _found(known).get("data")
        return _left(data.get("ttl") if isinstance(data, Mapping) else None)

    def end(self, lease: LeaseId, after: timedelta) -> None:
        """It ends then; one that cannot be renewed ends in its own time, and later than that never."""
        answer = self._lease("renew", lease, increment=int(after.total_seconds()))
        if answer.status not in GONE:
            _found(answer)

    def revoke(self, lease: LeaseId) -> None:
        """The login is gone from the database when this returns; it is fine if there was none."""
        answer = self._lease("revoke", lease, sync=True)
        if answer.status not in (NO_CONTENT, *GONE):
            _found(answer)

    def _lease(self, verb: str, lease: LeaseId, **more: Any) -> Answer:
        return self.vault.ask("POST", f"sys/leases/{verb}", {"lease_id": lease, **more})


def _creds(answer: Answer, connector: ConnectorName) -> _Creds:
    if answer.status in GONE:
        raise VaultDenied(f"Vault has no role appguard-{connector} in its database engine")
    try:
        return _Creds.model_validate(_found(answer))
    except ValidationError:
        raise VaultAway("Vault answered with something other than a login") from None


def _found(answer: Answer) -> Mapping[str, Any]:
    if answer.status != OK:
        raise VaultAway(f"Vault answered with something else ({answer.status})")
    return answer.body


def _left(seconds: object) -> timedelta:
    if type(seconds) is not int:
        raise VaultAway("Vault does not say how long a login lasts")
    return timedelta(seconds=max(seconds, 0))
