import boto3
import pytest

from appguard.cli import ledger_access
from appguard.cli.ledger_access import Access
from appguard.kernel.errors import NotFound
from tests.support.ledger import aws  # noqa: F401

TEMPLATE = '{"Resources": {"T": {"Type": "AWS::SNS::Topic"}}, "Outputs": {"LedgerBucket": {"Value": "b"}}}'


def test_names_come_from_the_stack_unless_the_environment_says_otherwise(aws, monkeypatch):  # noqa: F811
    boto3.client("cloudformation").create_stack(StackName="appguard-data", TemplateBody=TEMPLATE)
    assert Access().name("LEDGER_BUCKET", "LedgerBucket") == "b"
    monkeypatch.setenv("LEDGER_BUCKET", "mine")
    assert Access().name("LEDGER_BUCKET", "LedgerBucket") == "mine"


def test_an_account_without_our_stack_is_told_what_to_do(aws):  # noqa: F811
    with pytest.raises(NotFound, match="appguard-data"):
        Access().name("LEDGER_BUCKET", "LedgerBucket")


def test_without_any_account_the_local_platform_is_asked(monkeypatch, tmp_path):
    for name in ledger_access.NAMED:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("APPGUARD_HOME", str(tmp_path))
    with pytest.raises(NotFound, match="the local platform does not run"):
        Access()


def test_the_region_is_read_from_either_variable(aws, monkeypatch):  # noqa: F811
    monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    assert Access().client("kms").meta.region_name == "eu-central-1"
