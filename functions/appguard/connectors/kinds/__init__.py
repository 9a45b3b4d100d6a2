"""The kinds of connectors: one file each, told apart by the word `kind`."""

from typing import Annotated

from pydantic import Field, JsonValue, TypeAdapter

from appguard.connectors.kinds.athena import AthenaConnector
from appguard.connectors.kinds.dynamodb import DynamoConnector
from appguard.connectors.kinds.http import HttpConnector
from appguard.connectors.kinds.postgresql import PostgresConnector
from appguard.connectors.model import Connector

AnyConnector = Annotated[
    PostgresConnector | DynamoConnector | AthenaConnector | HttpConnector, Field(discriminator="kind")
]

_ANY: TypeAdapter[Connector] = TypeAdapter(AnyConnector)


def json_schema() -> dict[str, JsonValue]:
    """What may stand in a connector file."""
    return _ANY.json_schema()


def connector_of(value: object) -> Connector:
    """The connector that a file's content declares; raises `pydantic.ValidationError`."""
    return _ANY.validate_python(value)
