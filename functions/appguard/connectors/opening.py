"""From a connector to its source. Clients are imported by kind: a broker pays for what it is asked."""

from appguard.connectors.credentials import Keyed
from appguard.connectors.kinds.dynamodb import DynamoConnector
from appguard.connectors.kinds.postgresql import PostgresConnector
from appguard.connectors.model import Connector
from appguard.connectors.source import AnySource
from appguard.connectors.store import Logins
from appguard.kernel.errors import Misconfigured


def opened(connector: Connector, secrets: Logins) -> AnySource:
    """The source of a connector; what it needs of its secret is read when it is needed."""
    match connector:
        case PostgresConnector():
            from appguard.connectors.sources.postgresql import PostgresSource  # noqa: PLC0415

            return PostgresSource(lambda fresh: secrets.get(connector.secret, fresh=fresh))
        case DynamoConnector():
            import boto3  # noqa: PLC0415

            from appguard.connectors.sources.aws import brief  # noqa: PLC0415
            from appguard.connectors.sources.dynamodb import DynamoSource  # noqa: PLC0415

            client = boto3.client("dynamodb", config=brief(connector.limits))
            return DynamoSource(client, lambda: secrets.of(connector.secret, Keyed).key)
        case _:
            raise Misconfigured(f"the broker knows no source of kind {connector.kind}")
