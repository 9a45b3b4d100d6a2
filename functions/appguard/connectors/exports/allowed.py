"""Whether a query may leave as a file at all: by its own rules, and where a person must have agreed."""

from collections.abc import Callable
from dataclasses import dataclass

from appguard.connectors.errors import ExportBlocked
from appguard.connectors.exports.leaving import needs_exception
from appguard.connectors.model import Connector, Query
from appguard.connectors.rules import FileFormat
from appguard.kernel.ids import AppId, ConnectorName


@dataclass(frozen=True)
class Leave:
    """That a person let a query's rows leave an app: which exception, and who accepted it."""

    exception_id: str
    approved_by: str


Leaves = Callable[[AppId, ConnectorName, str, Query], Leave | None]
"""The leave that holds at this moment for app, connector, name of query and what it returns today."""


@dataclass(frozen=True)
class ExportRules:
    """Asks for leave where it is needed; `portal_url` is where people ask for it."""

    leaves: Leaves
    portal_url: str

    def leave(self, app_id: AppId, connector: Connector, name: str, query: Query) -> Leave | None:
        """The leave the export runs with, None where none is needed; raises `ExportBlocked`."""
        if not query.exports.formats:
            raise ExportBlocked("this query does not leave as a file", f"Ask {connector.owner}.")
        if not needs_exception(query):
            return None
        if leave := self.leaves(app_id, connector.name, name, query):
            return leave
        asking = f"app={app_id}&connector={connector.name}&query={name}"
        raise ExportBlocked.of(
            connector, name, query, f"{self.portal_url.rstrip('/')}/exports/allow?{asking}"
        )


def permitted(query: Query, wanted: FileFormat) -> None:
    """Raise `ExportBlocked` unless the query leaves as a file of this format."""
    if wanted not in query.exports.formats:
        offered = ", ".join(query.exports.formats)
        raise ExportBlocked(f"this query does not leave as {wanted}", f"Ask for {offered}.")
