"""Who is asking, through which app, and was that app approved for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from appguard.connectors.callers import app_of
from appguard.connectors.errors import ConnectorRetired, NotGranted
from appguard.connectors.granted import GrantCache
from appguard.connectors.identity import TokenVerifier
from appguard.connectors.model import Command, Connector, Query
from appguard.connectors.registry import ConnectorRegistry
from appguard.kernel.ids import AppId, BundleDigest, ConnectorName
from appguard.kernel.person import Person

if TYPE_CHECKING:
    from appguard.apps.model import ConnectorGrant

Operation = TypeVar("Operation", Query, Command)


@dataclass(frozen=True)
class Call:
    """A request as it came in.

    The gateway authenticated `role` and `account`; `token` is still to be verified; nothing
    in `body` can say who is asking.
    """

    role: str
    account: str
    token: str
    connector: str
    operation: str
    body: bytes = b""


@dataclass(frozen=True)
class Admission:
    """Decides from gateway, identity provider and catalog; each is asked, none is believed for another."""

    registry: ConnectorRegistry
    grants: GrantCache
    users: TokenVerifier
    app_prefix: str

    def app(self, call: Call) -> AppId:
        """The calling app; raises `AppUnknown`."""
        return app_of(call.role, call.account, self.app_prefix)

    def version(self, app_id: AppId) -> BundleDigest | None:
        """The version of the app that is in use; None unless it is active."""
        permit = self.grants.of(app_id)
        return permit.bundle_digest if permit else None

    def person(self, call: Call) -> Person:
        """The app's user; raises `TokenRefused`."""
        return self.users.person(call.token)

    def query(self, app_id: AppId, connector: str, operation: str) -> tuple[Connector, Query]:
        """The query, if the app was granted it; raises `NotGranted` or `ConnectorRetired`."""
        grant, found = self._connector(app_id, connector)
        return found, _operation(operation, grant.queries, found.queries)

    def command(self, app_id: AppId, connector: str, operation: str) -> tuple[Connector, Command]:
        """The command, if the app was granted it; raises `NotGranted` or `ConnectorRetired`."""
        grant, found = self._connector(app_id, connector)
        return found, _operation(operation, grant.commands, found.commands)

    def _connector(self, app_id: AppId, asked: str) -> "tuple[ConnectorGrant, Connector]":
        permit = self.grants.of(app_id)
        grants = permit.grants if permit else None
        named = {str(name): name for name in grants.connectors} if grants else {}
        name = named.get(asked)
        if grants is None or name is None:
            raise NotGranted(f"{app_id} was not granted this connector, or is not active")
        connector = self.registry.get(ConnectorName(name))
        if connector is None or not connector.usable:
            raise ConnectorRetired("this connector was withdrawn")
        return grants.connectors[name], connector


def _operation(name: str, granted: frozenset[str], declared: Mapping[str, Operation]) -> Operation:
    """The operation of this name, if it was granted and still exists."""
    if name not in granted:
        raise NotGranted("the app was not granted this query or command")
    if name not in declared:
        raise ConnectorRetired("this query or command was withdrawn")
    return declared[name]
