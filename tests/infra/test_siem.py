"""Delivery of events to SIEMs: nowhere unless asked for, and then with no more rights than it takes."""

import pytest

from infra.functions import SIEM
from tests.infra.rights import of_function, who_may

NAMES = {function.name for function in SIEM.values()}


def test_nothing_is_delivered_anywhere_unless_a_deployer_says_where(aws):
    assert NAMES & set(aws.functions()) == set()


def test_each_destination_has_a_function_a_clock_and_an_alarm(delivering):
    assert set(delivering.functions()) >= NAMES
    alarms = [
        one["Properties"]["AlarmName"] for one in delivering.resources("AWS::CloudWatch::Alarm").values()
    ]
    assert {name for name in alarms if "siem" in name} == {f"appguard-siem-lag-{name}" for name in SIEM}
    clocks = {
        name: one["Properties"]["ScheduleExpression"]
        for name, one in delivering.resources("AWS::Scheduler::Schedule").items()
        if name.startswith("DeliverTo")
    }
    assert sorted(clocks.values()) == ["rate(1 minute)", "rate(1 minute)", "rate(5 minutes)"]


def test_new_events_wake_the_two_that_do_not_gather_once_they_can_be_entries(delivering):
    queues = [
        one["Properties"]
        for name, one in delivering.resources("AWS::SQS::Queue").items()
        if "WakeQueue" in name
    ]
    assert [one["DelaySeconds"] for one in queues] == [10, 10]
    for queue in queues:
        assert queue["VisibilityTimeout"] >= 6 * delivering.functions()["appguard-siem-splunk"]["Timeout"]
    rules = [name for name in delivering.resources("AWS::Events::Rule") if name.startswith("DeliverTo")]
    assert len(rules) == 2


@pytest.mark.parametrize("name", ["splunk", "opensearch"])
def test_each_reads_its_own_secret_and_no_other(delivering, name):
    reads = {
        right.resource
        for right in of_function(delivering, f"appguard-siem-{name}")
        if right.action == "secretsmanager:GetSecretValue"
    }
    assert {resource.rpartition(":secret:")[2] for resource in reads} == {f"appguard/siem/{name}-??????"}


def test_the_lake_has_no_secret_and_writes_under_its_sources_alone(delivering):
    rights = of_function(delivering, "appguard-siem-lake")
    assert not [right for right in rights if right.action.startswith("secretsmanager")]
    written = {right.resource for right in rights if right.action == "s3:PutObject"}
    assert {resource.partition(":::")[2] for resource in written} == {
        "aws-security-data-lake-eu-central-1-example/ext/appguard_*"
    }


@pytest.mark.parametrize("name", sorted(NAMES))
def test_delivery_reads_the_ledger_and_changes_nothing_but_its_cursors_and_the_outbox(delivering, name):
    writes = {
        right.resource
        for right in of_function(delivering, name)
        if right.action.startswith("dynamodb:")
        and right.action.removeprefix("dynamodb:") in {"PutItem", "UpdateItem", "DeleteItem"}
    }
    assert all("Siem" in resource or "Outbox" in resource for resource in writes)
    assert name not in who_may(delivering, "s3:PutObject", "Ledger")
    assert name not in who_may(delivering, "dynamodb:UpdateItem", "Outbox")
    assert name not in who_may(delivering, "dynamodb:GetItem", "Outbox")
    assert name not in who_may(delivering, "dynamodb:GetItem", "Catalog")


def test_no_other_function_touches_the_cursors(delivering):
    assert who_may(delivering, "dynamodb:PutItem", "SiemTable") == NAMES
