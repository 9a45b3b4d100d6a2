"""The approved connectors, read from `policies/connectors/*.yaml`."""

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Self

from pydantic import ValidationError

from appguard.apps.yaml_source import ManifestError, load
from appguard.connectors.kinds import connector_of
from appguard.connectors.model import Connector
from appguard.kernel.errors import Misconfigured
from appguard.kernel.files import policies_dir
from appguard.kernel.ids import ConnectorName


class ConnectorRegistry(Mapping[ConnectorName, Connector]):
    """All connectors by name. Loading is all or nothing: one bad file refuses every access.

    >>> registry()[ConnectorName("hr-db")].queries["my_leave_requests"].highest
    <DataClass.PERSONAL: 'personal'>
    """

    def __init__(self, connectors: Iterable[Connector]) -> None:
        """Keep the connectors, sorted by name."""
        self._by_name = {c.name: c for c in sorted(connectors, key=lambda c: c.name)}

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read every connector file of a folder; raises `Misconfigured` naming file and fault."""
        return cls(_read(path) for path in sorted(folder.glob("*.yaml")))

    def closest(self, name: str) -> ConnectorName | None:
        """The usable connector whose name is most like `name`, to suggest instead of it."""
        found = get_close_matches(name, [c.name for c in self._by_name.values() if c.usable], n=1, cutoff=0.4)
        return ConnectorName(found[0]) if found else None

    def __getitem__(self, name: ConnectorName) -> Connector:
        return self._by_name[name]

    def __iter__(self) -> Iterator[ConnectorName]:
        return iter(self._by_name)

    def __len__(self) -> int:
        return len(self._by_name)


@cache
def registry() -> ConnectorRegistry:
    """The connectors of this deployment."""
    return ConnectorRegistry.load(policies_dir() / "connectors")


def _read(path: Path) -> Connector:
    """One connector file; its name must be the connector's."""
    try:
        connector = connector_of(load(path.read_bytes()).value)
    except (ManifestError, ValidationError) as error:
        raise Misconfigured(f"{path.name} is not a connector: {error}") from None
    if connector.name != path.stem:
        raise Misconfigured(f"{path.name} describes the connector {connector.name}; names must agree")
    return connector
