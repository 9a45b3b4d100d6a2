"""What is known of a secret without knowing the secret."""

from datetime import datetime

from pydantic import AwareDatetime

from appguard.kernel.ids import AppId, ConnectorName
from appguard.kernel.record import Record
from appguard.secrets.names import SecretName
from appguard.secrets.policy import SecretKind


class SecretRecord(Record):
    """One secret, whose it is, and since when it is what it is. `version` counts saves."""

    name: SecretName
    kind: SecretKind
    app_id: AppId | None = None
    connector: ConnectorName | None = None
    created_at: AwareDatetime
    rotated_at: AwareDatetime
    rotations: int = 0
    version: int = 0

    @classmethod
    def session_key(cls, app_id: AppId, now: datetime) -> "SecretRecord":
        """The record of an app's session key."""
        name = SecretName.session_key(app_id)
        return cls(name=name, kind=SecretKind.SESSION_KEY, app_id=app_id, created_at=now, rotated_at=now)

    @classmethod
    def login(cls, connector: ConnectorName, app_id: AppId, now: datetime) -> "SecretRecord":
        """The record of an app's login to a connector's database."""
        return cls(
            name=SecretName.login(connector, app_id),
            kind=SecretKind.DATABASE_LOGIN,
            app_id=app_id,
            connector=connector,
            created_at=now,
            rotated_at=now,
        )

    @classmethod
    def administrator(cls, connector: ConnectorName, since: datetime) -> "SecretRecord":
        """The record of the login that makes others."""
        return cls(
            name=SecretName.administrator(connector),
            kind=SecretKind.ADMINISTRATOR,
            connector=connector,
            created_at=since,
            rotated_at=since,
        )

    def rotated(self, now: datetime) -> "SecretRecord":
        """The record once the secret has been replaced."""
        return self.model_copy(update={"rotated_at": now, "rotations": self.rotations + 1})
