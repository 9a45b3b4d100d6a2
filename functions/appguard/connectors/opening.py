"""From a connector to its source. Clients are imported by kind: a broker pays for what it is asked."""

from appguard.connectors.credentials import HttpCredentials, Keyed
from appguard.connectors.kinds.athena import AthenaConnector
from appguard.connectors.kinds.dynamodb import DynamoConnector
from appguard.connectors.kinds.http import HttpConnector
from appguard.connectors.kinds.postgresql import PostgresConnector
from appguard.connectors.login import Login
from appguard.connectors.model import Connector
from appguard.connectors.source import AnySource
from appguard.connectors.store import Logins
from appguard.kernel.errors import Misconfigured
from appguard.kernel.ids import AppId


def opened(connector: Connector, secrets: Logins) -> AnySource:
    """The source of a connector; what it needs of its secret is read when it is needed."""
    match connector:
        case PostgresConnector():
            return _postgresql(connector, secrets)
        case DynamoConnector():
            return _dynamodb(connector, secrets)
        case AthenaConnector():
            return _athena(connector, secrets)
        case HttpConnector():
            return _http(connector, secrets)
        case _:
            raise Misconfigured(f"the broker knows no source of kind {connector.kind}")


def _postgresql(connector: PostgresConnector, secrets: Logins) -> AnySource:
    from appguard.connectors.sources.postgresql import PostgresSource  # noqa: PLC0415

    def login(app_id: str, fresh: bool) -> Login:
        return secrets.get(connector.name, AppId(app_id), fresh=fresh)

    return PostgresSource(login, lambda: secrets.server(connector.name).key)


def _dynamodb(connector: DynamoConnector, secrets: Logins) -> AnySource:
    import boto3  # noqa: PLC0415

    from appguard.connectors.sources.aws import brief  # noqa: PLC0415
    from appguard.connectors.sources.dynamodb import DynamoSource  # noqa: PLC0415

    client = boto3.client("dynamodb", config=brief(connector.limits))
    return DynamoSource(client, lambda: secrets.of(connector.secret, Keyed).key)


def _athena(connector: AthenaConnector, secrets: Logins) -> AnySource:
    import boto3  # noqa: PLC0415

    from appguard.connectors.sources.athena import AthenaSource  # noqa: PLC0415
    from appguard.connectors.sources.aws import brief  # noqa: PLC0415

    client = boto3.client("athena", config=brief(connector.limits))
    return AthenaSource(connector, client, lambda: secrets.of(connector.secret, Keyed).key)


def _http(connector: HttpConnector, secrets: Logins) -> AnySource:
    from appguard.connectors.sources.http import HttpSource  # noqa: PLC0415

    return HttpSource(connector, lambda: secrets.of(connector.secret, HttpCredentials))
