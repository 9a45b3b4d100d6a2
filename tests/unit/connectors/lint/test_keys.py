"""What the descriptions of tables say of a file."""

import json

import boto3
import pytest
from moto import mock_aws

from appguard.connectors.lint.file import read_file
from appguard.connectors.lint.keys import prove
from tests.unit.connectors.kinds.files import changed, example

DESK = example("equipment-desk")


@pytest.fixture
def dynamodb(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    with mock_aws():
        yield boto3.client("dynamodb", region_name="eu-central-1")


@pytest.fixture
def told(dynamodb, tmp_path):
    def run(content=DESK, *, partition="borrower", holds="ALL"):
        held = {"ProjectionType": holds, **({"NonKeyAttributes": ["x"]} if holds == "INCLUDE" else {})}
        names = (partition, "item", "lent_on")
        dynamodb.create_table(
            TableName="equipment-loans",
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in names],
            KeySchema=[
                {"AttributeName": partition, "KeyType": "HASH"},
                {"AttributeName": "item", "KeyType": "RANGE"},
            ],
            GlobalSecondaryIndexes=[
                {
                    "IndexName": "by_item",
                    "KeySchema": [
                        {"AttributeName": "item", "KeyType": "HASH"},
                        {"AttributeName": "lent_on", "KeyType": "RANGE"},
                    ],
                    "Projection": held,
                }
            ],
        )
        path = tmp_path / "equipment-desk.yaml"
        path.write_text(json.dumps(content, indent=1))
        file = read_file(path)
        found = list(prove(file.connector, file.document, dynamodb))
        assert {fault.rule for fault in found} <= {"source-key-differs"}
        return [fault.message for fault in found]

    return run


def test_a_table_with_these_keys_proves_the_file(told):
    assert told() == []


def test_a_table_parted_by_something_else_is_told_for_each_query_and_command(told):
    assert told(partition="person") == [
        "my_loans: the table equipment-loans is parted by person, not by borrower",
        "borrow: the table equipment-loans has the key item, person",
        "give_back: the table equipment-loans has the key item, person",
    ]


@pytest.mark.parametrize("holds", ["INCLUDE", "KEYS_ONLY"])
def test_what_an_index_does_not_hold_is_told(told, holds):
    assert told(holds=holds) == ["lent_items: the index by_item does not hold due_on"]


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("queries/lent_items/index", "by_day", "lent_items: the index by_day is not there"),
        (
            "queries/lent_items/sort/attribute",
            "due_on",
            "lent_items: the index by_item is sorted by lent_on, not by due_on",
        ),
        ("queries/my_loans/table", "loans", "my_loans: the table loans is not there"),
        ("commands/borrow/table", "loans", "borrow: the table loans is not there"),
    ],
)
def test_what_is_not_there_or_ordered_otherwise_is_told(told, path, value, said):
    assert told(changed(DESK, path, value)) == [said]
