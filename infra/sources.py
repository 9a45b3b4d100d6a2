"""What the broker's role may reach, read from the connectors' own files: exactly what they declare.

PostgreSQL and HTTP need no right beyond the connector's secret, which holds the login.
"""

from collections.abc import Iterator

from constructs import Construct

from appguard.connectors.kinds.athena import AthenaConnector
from appguard.connectors.kinds.dynamodb import DynamoConnector
from appguard.connectors.registry import registry
from infra.access import Platform
from infra.constructs.handler import Handler
from infra.constructs.workgroup import Workgroup

CHANGES = {"create": "dynamodb:PutItem", "update": "dynamodb:UpdateItem"}


def open_sources(scope: Construct, platform: Platform) -> None:
    """Make the connectors' workgroups, and let the broker at their tables."""
    broker = platform.handlers["connectors.serve"]
    for connector in registry().values():
        match connector:
            case DynamoConnector():
                _tables(platform, broker, connector)
            case AthenaConnector():
                _workgroup(scope, platform, connector).grant_query(broker)
                _lake(platform, broker, connector)


def _tables(platform: Platform, broker: Handler, connector: DynamoConnector) -> None:
    """Query the tables and indexes of queries, change those of commands, each in the way declared."""
    for query in connector.queries.values():
        index = f"/index/{query.index}" if query.index else ""
        broker.allow("dynamodb:Query", on=[platform.arn("dynamodb", f"table/{query.table}{index}")])
    for command in connector.commands.values():
        broker.allow(CHANGES[command.action], on=[platform.arn("dynamodb", f"table/{command.table}")])


def _workgroup(scope: Construct, platform: Platform, connector: AthenaConnector) -> Workgroup:
    title = "".join(part.title() for part in connector.name.split("-"))
    return Workgroup(
        scope,
        f"{title}Workgroup",
        name=connector.workgroup,
        scan_bytes=connector.scan_bytes,
        results=platform.data.results,
        arn=platform.arn("athena", f"workgroup/{connector.workgroup}"),
    )


def _lake(platform: Platform, broker: Handler, connector: AthenaConnector) -> None:
    """Read the declared tables' descriptions and the objects they lie in; Athena does both as the caller."""
    broker.allow(
        "glue:BatchGetPartition",
        "glue:GetDatabase",
        "glue:GetPartition",
        "glue:GetPartitions",
        "glue:GetTable",
        on=[platform.arn("glue", resource) for resource in _described(connector)],
    )
    for place in connector.data:
        bucket = platform.bucket_arn(place.bucket)
        broker.allow("s3:GetBucketLocation", on=[bucket])
        broker.allow("s3:GetObject", on=[f"{bucket}/{place.prefix}*"])
        broker.allow("s3:ListBucket", on=[bucket], when={"StringLike": {"s3:prefix": f"{place.prefix}*"}})


def _described(connector: AthenaConnector) -> Iterator[str]:
    yield from ("catalog", f"database/{connector.database}")
    yield from (f"table/{connector.database}/{table}" for table in connector.tables)
