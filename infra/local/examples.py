"""What the example connectors that are no database are about: loans in DynamoDB, files for Athena on S3."""

import json
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import ClientError

from infra.local import emulator

KEYED = ("equipment-desk", "facility-tickets", "workplace-usage")
LOANS = "equipment-loans"
BUCKET, DATABASE = "example-workplace-data", "workplace"
COLUMNS: Mapping[str, Mapping[str, str]] = {
    "badge_day": {"email": "string", "day": "date", "building": "string", "hours": "double"},
    "floor_day": {"building": "string", "floor": "int", "day": "date", "people": "int"},
}
FILES: Mapping[str, str] = {
    "badge_day": "ana@example.com,2026-03-02,Vienna,7.5\nmia@example.com,2026-03-02,Vienna,8\n",
    "floor_day": "Vienna,1,2026-03-02,42\nVienna,2,2026-03-02,3\n",
}


def fill(port: int) -> None:
    """Put everything in place; doing it again changes nothing."""
    _keys(emulator.client("secretsmanager", port))
    _loans(emulator.client("dynamodb", port))
    _files(emulator.client("s3", port))
    _tables(emulator.client("glue", port))


def _keys(manager: Any) -> None:
    """A key of digests for each connector; a new one would make old digests unrecognisable."""
    for connector in KEYED:
        value = json.dumps({"digest_key": secrets.token_urlsafe(24)})
        with _there_already("ResourceExistsException"):
            manager.create_secret(Name=f"appguard/connectors/{connector}", SecretString=value)


def _loans(dynamodb: Any) -> None:
    with _there_already("ResourceInUseException"):
        dynamodb.create_table(
            TableName=LOANS,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[
                {"AttributeName": name, "AttributeType": "S"} for name in ("borrower", "item", "lent_on")
            ],
            KeySchema=_key("borrower", "item"),
            GlobalSecondaryIndexes=[
                {
                    "IndexName": "by_item",
                    "KeySchema": _key("item", "lent_on"),
                    "Projection": {"ProjectionType": "ALL"},
                }
            ],
        )


def _key(partition: str, sort: str) -> list[dict[str, str]]:
    return [{"AttributeName": partition, "KeyType": "HASH"}, {"AttributeName": sort, "KeyType": "RANGE"}]


def _files(s3: Any) -> None:
    with _there_already("BucketAlreadyOwnedByYou"):
        s3.create_bucket(Bucket=BUCKET)
    for table, content in FILES.items():
        s3.put_object(Bucket=BUCKET, Key=f"curated/{table}/rows.csv", Body=content.encode())


def _tables(glue: Any) -> None:
    with _there_already("AlreadyExistsException"):
        glue.create_database(DatabaseInput={"Name": DATABASE})
    for table, columns in COLUMNS.items():
        storage = {
            "Columns": [{"Name": name, "Type": kind} for name, kind in columns.items()],
            "Location": f"s3://{BUCKET}/curated/{table}/",
            "InputFormat": "org.apache.hadoop.mapred.TextInputFormat",
            "OutputFormat": "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
            "SerdeInfo": {
                "SerializationLibrary": "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe",
                "Parameters": {"field.delim": ","},
            },
        }
        about = {"Name": table, "TableType": "EXTERNAL_TABLE", "Parameters": {"classification": "csv"}}
        with _there_already("AlreadyExistsException"):
            glue.create_table(DatabaseName=DATABASE, TableInput={**about, "StorageDescriptor": storage})


@contextmanager
def _there_already(code: str) -> Iterator[None]:
    """What an earlier run made stays as it is."""
    try:
        yield
    except ClientError as error:
        if error.response["Error"]["Code"] != code:
            raise
