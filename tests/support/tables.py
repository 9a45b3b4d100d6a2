"""The platform's tables, as moto keeps them."""

from typing import Any


def catalog_and_outbox(client: Any) -> None:
    """The two tables every state change writes to, with their indexes."""
    table(
        client,
        "catalog",
        _index("by_owner", "gsi1pk", "gsi1sk"),
        _index("by_state", "gsi2pk", "gsi2sk"),
        _index("by_due", "gsi3pk", "gsi3sk"),
    )
    sparse = {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["retention_class"]}
    table(client, "outbox", _index("unsealed", "unsealed", "at") | {"Projection": sparse})


def directory(client: Any) -> None:
    """People, with the index of those SCIM knows."""
    table(client, "directory", _index("listed", "gsi1pk", "gsi1sk"))


def table(client: Any, name: str, *indexes: dict[str, Any], keys: tuple[str, ...] = ("pk", "sk")) -> None:
    """An empty table; all keys are strings."""
    schema = _schema(*keys)
    named = {key["AttributeName"] for part in (schema, *(i["KeySchema"] for i in indexes)) for key in part}
    client.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=schema,
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in sorted(named)],
        **({"GlobalSecondaryIndexes": list(indexes)} if indexes else {}),
    )


def _index(name: str, *keys: str) -> dict[str, Any]:
    return {"IndexName": name, "KeySchema": _schema(*keys), "Projection": {"ProjectionType": "ALL"}}


def _schema(*keys: str) -> list[dict[str, str]]:
    return [{"AttributeName": k, "KeyType": t} for k, t in zip(keys, ("HASH", "RANGE"), strict=False)]
