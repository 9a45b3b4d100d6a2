"""An app's login to a connector's database: two roles in turns, so that one always works."""

from collections.abc import Callable
from dataclasses import dataclass

from pydantic import ValidationError

from appguard.connectors.login import Login, Server
from appguard.kernel.clock import Clock
from appguard.secrets.administrator import Administrator
from appguard.secrets.credentials import Credentials, fresh
from appguard.secrets.errors import RotatedJustNow, RotationFailed, SourceOutOfReach
from appguard.secrets.model import SecretRecord
from appguard.secrets.policy import LoginRule
from appguard.secrets.provider import Value

SignsIn = Callable[[Login], bool]


@dataclass(frozen=True)
class LoginMethod:
    """Gives the next password to the role that is not in use."""

    record: SecretRecord
    roles: tuple[str, str]
    server: Server
    administrator: Administrator
    signs_in: SignsIn
    rule: LoginRule
    clock: Clock

    def create(self, current: Value | None) -> str:
        """The other role with a new password; raises `RotatedJustNow` while its old one may be in use."""
        replaced_another = self.record.rotations > 1  # the first one is the login's making
        if replaced_another and self.clock() < self.record.rotated_at + self.rule.overlap:
            raise RotatedJustNow(f"{self.record.name} was rotated within the overlap")
        user = self._other(credentials_of(current).user) if current else self.roles[0]
        return fresh(user)

    def set(self, pending: Value, _current: Value | None) -> None:
        """The database takes the password from now on, and for no longer than the policy says."""
        login = credentials_of(pending)
        until = self.clock() + self.rule.valid
        self.administrator.give(login.user, login.password.get_secret_value(), until)

    def test(self, pending: Value, _current: Value | None) -> None:
        """Sign in with it."""
        login = credentials_of(pending)
        if not self.signs_in(self.server.login(login.user, login.password)):
            raise RotationFailed(f"the database does not take the pending login of {self.record.name}")

    def finish(self, pending: Value) -> None:
        """What brokers remember of the other role works until the overlap is over."""
        self.administrator.end(self._other(credentials_of(pending).user), self.clock() + self.rule.overlap)

    def _other(self, role: str) -> str:
        first, second = self.roles
        return second if role == first else first


@dataclass(frozen=True)
class AdministratorMethod:
    """The administrator changes its own password. Nobody else uses it, so there is nothing to overlap."""

    server: Server
    administrator: Administrator
    signs_in: SignsIn

    def create(self, current: Value | None) -> str:
        """The same role with a new password."""
        if current is None:
            raise RotationFailed("the connector has no administrator's login")
        return fresh(credentials_of(current).user)

    def set(self, pending: Value, _current: Value | None) -> None:
        """From here on only the pending password works; a rotation that dies now is resumed with it."""
        self.administrator.change_own_password(credentials_of(pending).password.get_secret_value())

    def test(self, pending: Value, _current: Value | None) -> None:
        """Sign in with it. Never given up: it may be the only password that works."""
        login = credentials_of(pending)
        if not self.signs_in(self.server.login(login.user, login.password)):
            raise SourceOutOfReach("the database does not take the administrator's pending password")

    def finish(self, _pending: Value) -> None:
        """Nothing is left of the old password."""


def credentials_of(value: Value) -> Credentials:
    """What a value holds; raises `RotationFailed`."""
    try:
        return Credentials.model_validate_json(value.text)
    except ValidationError:
        raise RotationFailed("a secret that should hold a login does not") from None
