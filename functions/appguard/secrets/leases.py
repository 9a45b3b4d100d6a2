"""Who makes logins that end unless they are renewed: `vault.leases` does."""

from datetime import timedelta
from typing import NewType, Protocol

from pydantic import BaseModel, ConfigDict, SecretStr

from appguard.kernel.ids import ConnectorName

LeaseId = NewType("LeaseId", str)
LEAST_LEFT = timedelta(hours=3)
"""With less than this a lease is replaced: the keeper comes every hour, and may fail to twice."""


class NewLogin(BaseModel):
    """A login and the lease it hangs on."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    user: str
    password: SecretStr
    lease: LeaseId


class Leases(Protocol):
    """Who makes such logins."""

    def take(self, connector: ConnectorName) -> NewLogin:
        """A new one."""
        ...

    def renew(self, lease: LeaseId) -> timedelta:
        """Prolong it; for how long it works now, which is zero once it ended."""
        ...

    def end(self, lease: LeaseId, after: timedelta) -> None:
        """It ends then, or in its own time if that is sooner."""
        ...

    def revoke(self, lease: LeaseId) -> None:
        """It ends now; it is fine if there was none."""
        ...
