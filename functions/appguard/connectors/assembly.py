"""The broker of this deployment, put together once per process."""

from functools import cache, partial

from appguard.apps.catalog import catalog
from appguard.audit.outbox import outbox
from appguard.connectors.admission import Admission
from appguard.connectors.broker import Broker
from appguard.connectors.granted import GrantCache
from appguard.connectors.identity import TokenVerifier
from appguard.connectors.kinds.postgresql import PostgresConnector
from appguard.connectors.login import Login
from appguard.connectors.registry import registry
from appguard.connectors.settings import ConnectorSettings
from appguard.connectors.source import AnySource
from appguard.connectors.store import logins
from appguard.kernel.clock import utc_now
from appguard.kernel.errors import Misconfigured
from appguard.kernel.ids import AppId, ConnectorName
from appguard.kernel.oidc.id_token import IdTokens
from appguard.kernel.oidc.issuer import Issuer


@cache
def broker() -> Broker:
    """The broker, from settings, registry, catalog and outbox."""
    settings = ConnectorSettings.from_env()
    users = TokenVerifier(IdTokens(Issuer(settings.issuer), settings.client_id))
    return Broker(
        Admission(registry(), GrantCache(catalog().grants), users, settings.app_prefix),
        lambda connector: _source(connector.name),
        outbox(),
        utc_now,
    )


@cache
def _source(name: ConnectorName) -> AnySource:
    """The source of a connector, by its kind; it outlives invocations, and so do its connections."""
    connector = registry()[name]
    match connector:
        case PostgresConnector():
            from appguard.connectors.sources.postgresql import PostgresSource  # noqa: PLC0415 - by kind

            return PostgresSource(partial(_login, name), lambda: logins().server(name).key)
        case _:
            raise Misconfigured(f"the broker knows no source of kind {connector.kind}")


def _login(connector: ConnectorName, app_id: str, fresh: bool) -> Login:
    return logins().get(connector, AppId(app_id), fresh=fresh)
