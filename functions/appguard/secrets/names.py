"""What secrets are called, and the database roles that go with them."""

import re
from hashlib import sha256
from typing import Self

from appguard.kernel.ids import AppId, ConnectorName, TypedId

ROLE_PREFIX = "appguard_"


class SecretName(TypedId):
    """Where a secret is kept: the same path at every provider."""

    pattern = re.compile(
        r"appguard/(apps|connectors|administrators|siem|directory|channels|logins/[a-z0-9-]+)/[a-z0-9-]+"
    )
    shape = "appguard/, what it is for, and whose it is"

    @classmethod
    def session_key(cls, app_id: AppId) -> Self:
        """What seals an app's session cookies; the only secret an app's own function reads."""
        return cls(f"appguard/apps/{app_id}")

    @classmethod
    def server(cls, connector: ConnectorName) -> Self:
        """Where a connector's database is, and the key of its digests."""
        return cls(f"appguard/connectors/{connector}")

    @classmethod
    def login(cls, connector: ConnectorName, app_id: AppId) -> Self:
        """With which the broker signs in to a connector's database on behalf of one app."""
        return cls(f"appguard/logins/{connector}/{app_id}")

    @classmethod
    def administrator(cls, connector: ConnectorName) -> Self:
        """With which the logins of apps are made at a connector's database."""
        return cls(f"appguard/administrators/{connector}")

    @classmethod
    def siem(cls, destination: str) -> Self:
        """With which events are handed to a SIEM."""
        return cls(f"appguard/siem/{destination}")

    @classmethod
    def scim(cls) -> Self:
        """With which the company's directory tells of people."""
        return cls("appguard/directory/scim")

    @classmethod
    def channel(cls, channel: str) -> Self:
        """With which people are written to, and by which their answers are known to be theirs."""
        return cls(f"appguard/channels/{channel}")


def roles(connector: ConnectorName, app_id: AppId) -> tuple[str, str]:
    """The two database roles an app alternates between: one in use, one to be given the next password.

    Roles belong to a whole PostgreSQL cluster, on which several connectors may live, and their names end
    after 63 bytes: hence a digest of connector and app.

    >>> roles(ConnectorName("hr-db"), AppId("leave-request"))
    ('appguard_leave-request_3c1b2c6c_a', 'appguard_leave-request_3c1b2c6c_b')
    """
    mark = sha256(f"{connector}\x00{app_id}".encode()).hexdigest()[:8]
    return f"{ROLE_PREFIX}{app_id}_{mark}_a", f"{ROLE_PREFIX}{app_id}_{mark}_b"
