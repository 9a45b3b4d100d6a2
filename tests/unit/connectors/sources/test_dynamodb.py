import json

import boto3
import pytest
from botocore.exceptions import ClientError, ReadTimeoutError
from moto import mock_aws

from appguard.connectors.binding import bind
from appguard.connectors.errors import (
    NothingChanged,
    OutcomeUnknown,
    RefusedBySource,
    RowFilterBreached,
    SourceFailed,
    SourceTimeout,
)
from appguard.connectors.registry import registry
from appguard.connectors.rules import Limits
from appguard.connectors.source import Identity
from appguard.connectors.sources.aws import in_our_words
from appguard.connectors.sources.dynamodb import DynamoSource
from appguard.connectors.table import table_of
from appguard.kernel.errors import Unavailable

DESK = registry()["equipment-desk"]
ANA = Identity("ana@example.com", "loans")
MIA = Identity("mia@example.com", "loans")


@pytest.fixture
def client(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    with mock_aws():
        made = boto3.client("dynamodb", "eu-west-1")
        made.create_table(
            TableName="equipment-loans",
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[
                {"AttributeName": name, "AttributeType": "S"} for name in ("borrower", "item", "lent_on")
            ],
            KeySchema=[
                {"AttributeName": "borrower", "KeyType": "HASH"},
                {"AttributeName": "item", "KeyType": "RANGE"},
            ],
            GlobalSecondaryIndexes=[
                {
                    "IndexName": "by_item",
                    "KeySchema": [
                        {"AttributeName": "item", "KeyType": "HASH"},
                        {"AttributeName": "lent_on", "KeyType": "RANGE"},
                    ],
                    "Projection": {"ProjectionType": "ALL"},
                }
            ],
        )
        yield made


@pytest.fixture
def source(client):
    return DynamoSource(client, lambda: b"key")


def lend(client, who, item, **more):
    held = {"lent_on": "2026-03-02", "due_on": "2026-04-01", "status": "lent", "secret": "never asked for"}
    values = {"borrower": who, "item": item} | held | more
    client.put_item(TableName="equipment-loans", Item={name: {"S": text} for name, text in values.items()})


def read(source, name, who=ANA, limits=DESK.limits, **given):
    query = DESK.queries[name]
    result = source.read(query, bind(query.parameters, given), who, limits)
    return table_of(query, result, who, b"key", limits)


def write(source, name, who=ANA, **given):
    command = DESK.commands[name]
    with source.write(command, bind(command.parameters, given), who, DESK.limits) as changed:
        return changed


def stored(client):
    return client.scan(TableName="equipment-loans")["Items"]


def test_a_user_sees_the_items_of_their_own_partition_and_the_declared_attributes_alone(source, client):
    lend(client, ANA.email, "Camera")
    lend(client, MIA.email, "Laptop")
    assert read(source, "my_loans").rows == [["Camera", "2026-03-02", "2026-04-01", "lent", None]]


def test_an_item_of_somebody_else_withholds_all(source, client):
    lend(client, MIA.email, "Camera")
    query = DESK.queries["my_loans"]
    result = source.read(query, {}, MIA, DESK.limits)
    with pytest.raises(RowFilterBreached):
        table_of(query, result, ANA, b"key", DESK.limits)


@pytest.mark.parametrize(
    ("given", "items"),
    [
        ({}, ["mia", "ana"]),
        ({"since": "2026-03-10"}, ["mia"]),
        ({"until": "2026-03-10"}, ["ana"]),
        ({"since": "2026-03-01", "until": "2026-03-31"}, ["mia", "ana"]),
        ({"since": "2026-03-31", "until": "2026-04-30"}, []),
    ],
)
def test_a_range_of_the_sort_key_limits_where_it_is_given(source, client, given, items):
    lend(client, "ana@example.com", "Camera", lent_on="2026-03-02", due_on="2026-04-01")
    lend(client, "mia@example.com", "Camera", lent_on="2026-03-20", due_on="2026-05-01")
    due = {"2026-04-01": "ana", "2026-05-01": "mia"}
    seen = read(source, "lent_items", item="Camera", **given).rows
    assert [due[row[2]] for row in seen] == items


@pytest.mark.parametrize(
    "text", ["' OR 1=1", "Camera AND attribute_exists(borrower)", "#n0", ":v0", "Camera\u0000", '{"S": "x"}']
)
def test_a_text_that_looks_like_an_expression_is_a_text(source, client, text):
    lend(client, ANA.email, "Camera")
    query = DESK.queries["lent_items"]
    bound = {"item": text, "since": None, "until": None}
    assert source.read(query, bound, ANA, DESK.limits).rows == []


def test_pages_are_followed_until_there_are_enough_rows(source, client):
    for number in range(7):
        lend(client, ANA.email, f"Camera {number}", note="x" * 300_000)
    table = read(source, "my_loans", limits=Limits(rows=5))
    assert (len(table.rows), table.truncated) == (5, True)
    assert len(read(source, "my_loans", limits=Limits(rows=7)).rows) == 7


def test_an_attribute_of_another_type_than_its_column_is_a_fault_of_the_source(source, client):
    lend(client, ANA.email, "Camera", lent_on="last week")
    with pytest.raises(SourceFailed, match="lent_on is not of the type date"):
        read(source, "my_loans")


def test_an_item_is_created_for_the_user_with_what_the_file_and_the_parameters_say(source, client):
    assert write(source, "borrow", item="Camera", due_on="2026-12-24", deposit="49.90") == 1
    (item,) = stored(client)
    assert item["borrower"] == {"S": ANA.email}
    assert item["status"] == {"S": "lent"}
    assert item["due_on"] == {"S": "2026-12-24"}
    assert item["deposit"] == {"N": "49.90"}
    assert "note" not in item


def test_an_item_that_is_there_is_not_overwritten(source, client):
    lend(client, ANA.email, "Camera")
    before = stored(client)
    with pytest.raises(RefusedBySource, match="already"):
        write(source, "borrow", item="Camera", due_on="2026-12-24")
    assert stored(client) == before


def test_an_update_changes_an_item_of_the_user_that_is_as_it_must_be(source, client):
    lend(client, ANA.email, "Camera", note="scratched")
    assert write(source, "give_back", item="Camera") == 1
    (item,) = stored(client)
    assert item["status"] == {"S": "returned"}
    assert "note" not in item
    with pytest.raises(NothingChanged):
        write(source, "give_back", item="Camera")


def test_nobody_gives_back_what_somebody_else_has(source, client):
    lend(client, MIA.email, "Camera")
    before = stored(client)
    with pytest.raises(NothingChanged):
        write(source, "give_back", item="Camera")
    assert stored(client) == before


def test_nothing_is_stored_when_the_change_could_not_be_recorded(source, client):
    command = DESK.commands["borrow"]
    bound = bind(command.parameters, {"item": "Camera", "due_on": "2026-12-24"})
    with pytest.raises(ConnectionError), source.write(command, bound, ANA, DESK.limits):
        raise ConnectionError("the outbox does not answer")
    assert stored(client) == []


@pytest.mark.parametrize(
    ("error", "writing", "kind"),
    [
        (
            ClientError({"Error": {"Code": "ThrottlingException", "Message": "data"}}, "Query"),
            False,
            Unavailable,
        ),
        (
            ClientError({"Error": {"Code": "AccessDeniedException", "Message": "data"}}, "Query"),
            True,
            SourceFailed,
        ),
        (ReadTimeoutError(endpoint_url="data"), False, SourceTimeout),
        (ReadTimeoutError(endpoint_url="data"), True, OutcomeUnknown),
    ],
)
def test_the_services_errors_leave_as_the_brokers_own_without_a_word_of_theirs(error, writing, kind):
    with pytest.raises(kind) as told, in_our_words(writing=writing):
        raise error
    assert type(told.value) is kind
    assert "data" not in json.dumps(told.value.as_dict())
