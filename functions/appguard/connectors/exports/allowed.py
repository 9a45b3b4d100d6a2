"""Whether a query may leave as a file at all."""

from appguard.connectors.errors import ExportBlocked
from appguard.connectors.model import Connector, Query
from appguard.connectors.rules import FileFormat


def permitted(connector: Connector, query: Query, wanted: FileFormat) -> None:
    """Raise `ExportBlocked` unless the query's rules let it leave as a file of this format."""
    offered = query.exports.formats
    if wanted not in offered:
        listed = ", ".join(offered)
        raise ExportBlocked(
            f"this query does not leave as {wanted}",
            f"Ask for {listed}." if listed else f"Ask {connector.owner}, who answers for this data.",
        )
    if query.exports.needs == "approver":
        raise ExportBlocked("this query leaves as a file only with an approval", f"Ask {connector.owner}.")
