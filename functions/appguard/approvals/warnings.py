"""Who is warned that an app's user has taken as much data as a day allows, and in which words."""

from appguard.approvals.email import Mail, compose
from appguard.apps.model import App
from appguard.connectors.registry import ConnectorRegistry
from appguard.kernel.event import AuditEvent
from appguard.kernel.ids import ConnectorName


def budget_used_up(
    event: AuditEvent, app: App, connectors: ConnectorRegistry, security: str, portal_url: str
) -> list[Mail]:
    """A mail to whoever answers for the data, and one to security."""
    about = event.metadata
    connector = connectors.get(ConnectorName(str(about["connector"])))
    addresses = dict.fromkeys([connector.owner, security] if connector else [security])
    subject = f"{app.name}: a day's {about['data_class']} rows are used up"
    paragraphs = [
        f"{event.actor.id} has been given the {about['rows_a_day']} {about['data_class']} rows that"
        f" {about['connector']} gives a user of “{app.name}” in a day, and asked for more. That was refused.",
        "If this is work as usual, raise rows_a_day in the connector's file. If not, the app's page has the"
        " switch that takes its data away within seconds; the ledger lists each access of today.",
    ]
    link = ("Open the app's page", f"{portal_url.rstrip('/')}/my/{app.app_id}")
    return [compose(address, subject, paragraphs, [], link) for address in addresses]
