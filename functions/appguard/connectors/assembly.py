"""The broker of this deployment, put together once per process."""

from datetime import datetime
from functools import cache

from appguard.apps.catalog import catalog
from appguard.audit.outbox import outbox
from appguard.connectors.admission import Admission
from appguard.connectors.broker import Broker
from appguard.connectors.budgets.budget import Budget
from appguard.connectors.budgets.store import counters
from appguard.connectors.exports.allowed import ExportRules, Leave
from appguard.connectors.granted import GrantCache
from appguard.connectors.identity import TokenVerifier
from appguard.connectors.model import Query
from appguard.connectors.opening import opened
from appguard.connectors.pace import Pace
from appguard.connectors.registry import registry
from appguard.connectors.settings import ConnectorSettings
from appguard.connectors.source import AnySource
from appguard.connectors.store import logins
from appguard.directory.directory import directory
from appguard.kernel.clock import utc_now
from appguard.kernel.ids import AppId, ConnectorName
from appguard.kernel.oidc.id_token import IdTokens
from appguard.kernel.oidc.issuer import Issuer
from appguard.kernel.person import Person
from appguard.privacy.keys import known_keys


@cache
def broker() -> Broker:
    """The broker, from settings, registry, catalog and outbox."""
    settings = ConnectorSettings.from_env()
    users = TokenVerifier(IdTokens(Issuer(settings.issuer), settings.client_id), _still_here)
    return Broker(
        Admission(registry(), GrantCache(catalog().permit), users, settings.app_prefix),
        lambda connector: _source(connector.name),
        outbox(),
        utc_now,
        known_keys,
        ExportRules(_leave, settings.portal_url),
        Budget(counters()),
        Pace(counters()),
    )


def _still_here(person: Person, since: datetime) -> bool:
    """Whether a sign-in of then still counts: who left, or signed out everywhere, is shown nothing."""
    return directory().admit(person, since) is not None


def _leave(app_id: AppId, connector: ConnectorName, name: str, query: Query) -> Leave | None:
    """Asked of approvals, whose code only an export of personal data needs."""
    from appguard.approvals.exceptions.covering import covering  # noqa: PLC0415

    return covering(app_id, connector, name, query)


@cache
def _source(name: ConnectorName) -> AnySource:
    """The source of a connector; it outlives invocations, and so do its connections."""
    return opened(registry()[name], logins())
