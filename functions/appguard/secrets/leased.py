"""Logins that are leased: Vault makes a role for each, keeps it while it is renewed, and drops it at its end.

One lease serves an app at a connector, however many brokers there are: it lies where passwords lie, and
brokers read it there. What it replaces lives on through the overlap.
"""

import json
from dataclasses import dataclass
from datetime import timedelta

from pydantic import ValidationError

from appguard.connectors.login import Server
from appguard.kernel.ids import ConnectorName
from appguard.secrets.credentials import Credentials
from appguard.secrets.errors import RotationFailed
from appguard.secrets.leases import LEAST_LEFT, LeaseId, Leases
from appguard.secrets.logins import SignsIn
from appguard.secrets.names import SecretName
from appguard.secrets.provider import Provider, Stage, Value


class Leased(Credentials):
    """What the secret holds: the login, its lease, and the lease that it replaced."""

    lease: LeaseId
    replaces: LeaseId | None = None


@dataclass(frozen=True)
class LeaseMethod:
    """Each login is a role of its own: nothing is set, and a third does not harm the first."""

    connector: ConnectorName
    server: Server
    leases: Leases
    signs_in: SignsIn
    overlap: timedelta

    def create(self, current: Value | None) -> str:
        """A new lease. If this run dies before it is kept, Vault ends it, as nobody renews it."""
        made, before = self.leases.take(self.connector), leased(current)
        content = {**made.model_dump(), "password": made.password.get_secret_value()}
        return json.dumps(content | ({"replaces": before.lease} if before else {}))

    def set(self, _pending: Value, _current: Value | None) -> None:
        """The database takes it already."""

    def test(self, pending: Value, _current: Value | None) -> None:
        """Sign in with it; what does not work is not left behind."""
        login = leased(pending)
        if login is None:
            raise RotationFailed("what is pending was not leased: how apps sign in has changed")
        if not self.signs_in(self.server.login(login.user, login.password)):
            self.leases.revoke(login.lease)
            raise RotationFailed(f"the database of {self.connector} does not take the login Vault made")

    def finish(self, pending: Value) -> None:
        """What brokers remember of the lease before works until the overlap is over."""
        login = leased(pending)
        if login and login.replaces:
            self.leases.end(login.replaces, self.overlap)


@dataclass(frozen=True)
class LeasedLogins:
    """Keeps leases going, and ends them."""

    provider: Provider
    leases: Leases

    def holds(self, name: SecretName) -> bool:
        """Whether the login in force was leased."""
        return leased(self.provider.read(name)) is not None

    def lasts(self, name: SecretName) -> bool:
        """Whether the login in force was leased and goes on, having been renewed."""
        login = leased(self.provider.read(name))
        return login is not None and self.leases.renew(login.lease) >= LEAST_LEFT

    def end(self, name: SecretName) -> None:
        """Every lease the secret knows of, the one under way included."""
        known = [leased(self.provider.read(name, stage)) for stage in (Stage.PENDING, Stage.CURRENT)]
        for login in filter(None, known):
            for lease in filter(None, (login.replaces, login.lease)):
                self.leases.revoke(lease)


def leased(value: Value | None) -> Leased | None:
    """The value as a leased login; None where it is anything else."""
    try:
        return Leased.model_validate_json(value.text) if value else None
    except ValidationError:
        return None
