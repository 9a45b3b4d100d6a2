from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Lock

import boto3
import pytest
from botocore.exceptions import ConnectTimeoutError
from moto import mock_aws

from appguard.connectors.budgets.budget import Account, Budget
from appguard.connectors.budgets.store import CounterTable
from appguard.connectors.errors import BudgetExceeded
from appguard.kernel.errors import Unavailable
from appguard.kernel.levels import DataClass
from tests.support.tables import table

NOW = datetime(2026, 11, 24, tzinfo=UTC)
ANA = Account("hr-db", "leave", "ana@example.com", DataClass.PERSONAL)


@pytest.fixture
def client():
    with mock_aws():
        made = boto3.client("dynamodb", region_name="eu-west-1")
        table(made, "budgets", keys=("pk",))
        yield made


@pytest.fixture
def counters(client):
    return CounterTable(client, "budgets")


def test_a_counter_grows_up_to_its_limit_and_stays_there(counters):
    assert [counters.take("k", 40, 100, NOW) for _ in range(4)] == [True, True, False, False]
    assert counters.take("k", 20, 100, NOW)


def test_more_than_the_limit_at_once_is_refused_though_nothing_was_taken(counters):
    assert not counters.take("k", 101, 100, NOW)
    assert counters.take("k", 100, 100, NOW)


def test_a_counter_says_when_it_may_be_forgotten(counters, client):
    counters.take("k", 1, 10, NOW + timedelta(days=2))
    item = client.get_item(TableName="budgets", Key={"pk": {"S": "k"}})["Item"]
    assert int(item["expires"]["N"]) == (NOW + timedelta(days=2)).timestamp()


def test_two_processes_at_the_limit_never_exceed_it_together(client, monkeypatch):
    one_by_one, update = Lock(), client.update_item

    def atomic(**asked):  # as DynamoDB's conditional updates are, and moto's are not
        with one_by_one:
            return update(**asked)

    monkeypatch.setattr(client, "update_item", atomic)

    def process(_):
        budget, given = Budget(CounterTable(client, "budgets")), 0
        for rows in [7] * 40:
            try:
                budget.spend(ANA, rows, 200, NOW)
            except BudgetExceeded:
                continue
            given += rows
        return given

    with ThreadPoolExecutor(2) as pool:
        given = sum(pool.map(process, range(2)))
    assert 200 - 2 * 10 - 7 < given <= 200


@pytest.mark.parametrize("fault", ["gone", "silent"])
def test_a_table_that_does_not_answer_is_an_error_of_its_own(client, counters, monkeypatch, fault):
    if fault == "gone":
        client.delete_table(TableName="budgets")
    else:

        def silent(**_):
            raise ConnectTimeoutError(endpoint_url="https://dynamodb")

        monkeypatch.setattr(client, "update_item", silent)
    with pytest.raises(Unavailable, match="cannot be counted"):
        counters.take("k", 1, 10, NOW)
