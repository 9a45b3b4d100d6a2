"""The witness in an account of its own: two deployments that know of each other what they need."""

import json

import pytest

from tests.infra.assembly import Assembly, several, synthesize, text
from tests.infra.rights import of_function, who_may

PLATFORM, THEIRS = "111122223333", "444455556666"
LEDGER_KEY = f"arn:aws:kms:eu-central-1:{PLATFORM}:key/0e1f2a3b-0000-4000-8000-000000000001"
WITNESS_KEY = f"arn:aws:kms:eu-central-1:{THEIRS}:key/0e1f2a3b-0000-4000-8000-000000000002"
FUNCTION = f"arn:aws:lambda:eu-central-1:{THEIRS}:function:appguard-witness-cosign"


@pytest.fixture(scope="module")
def witness() -> Assembly:
    """What the witness's people deploy."""
    return synthesize("aws", {"ledger_key_arn": LEDGER_KEY})


@pytest.fixture(scope="module")
def platform() -> Assembly:
    """What the platform's people deploy, once there is such a witness."""
    return synthesize("aws", {"witness_function_arn": FUNCTION, "witness_key_arn": WITNESS_KEY})


def test_each_account_has_its_own_stacks_and_none_of_the_others(witness, platform):
    assert set(witness.templates) == {"appguard-witness"}
    assert set(platform.templates) == {"appguard-data", "appguard-platform"}
    assert set(witness.functions()) == {"appguard-witness-cosign"}
    assert not any("witness" in name for name in platform.functions())


def test_key_and_memory_are_the_witnesss_and_the_platform_has_neither(witness, platform):
    theirs = {one["Properties"]["AliasName"] for one in witness.resources("AWS::KMS::Alias").values()}
    assert theirs == {"alias/appguard-witness", "alias/appguard-operators"}
    [memory] = witness.resources("AWS::DynamoDB::Table").values()
    assert memory["DeletionPolicy"] == "Retain"
    aliases = {one["Properties"]["AliasName"] for one in platform.resources("AWS::KMS::Alias").values()}
    assert "alias/appguard-witness" not in aliases
    assert "alias/appguard-ledger" in aliases
    assert who_may(platform, "kms:Sign", WITNESS_KEY) == set()
    assert not [name for name in platform.resources("AWS::DynamoDB::Table") if name.startswith("Memory")]


def test_its_function_reads_one_public_key_elsewhere_and_nothing_else(witness):
    elsewhere = {
        (right.action, right.resource)
        for right in of_function(witness, "appguard-witness-cosign")
        if f":{PLATFORM}:" in right.resource and not right.action.startswith(("logs:", "xray:"))
    }
    assert elsewhere == {("kms:GetPublicKey", LEDGER_KEY)}


def test_the_platforms_account_may_ask_it_and_see_its_key_and_nothing_else(witness):
    granted = [one["Properties"] for one in witness.resources("AWS::Lambda::Permission").values()]
    assert [(one["Action"], text(one["Principal"])) for one in granted] == [
        ("lambda:InvokeFunction", PLATFORM)
    ]
    assert to_accounts(witness, PLATFORM) == {("AWS::KMS::Key", "kms:GetPublicKey")}


def test_the_witnesss_account_may_see_the_ledgers_key_and_nothing_else(platform):
    assert to_accounts(platform, THEIRS) == {("AWS::KMS::Key", "kms:GetPublicKey")}
    keys = {
        name
        for name, key in platform.resources("AWS::KMS::Key").items()
        if THEIRS in json.dumps(key["Properties"]["KeyPolicy"])
    }
    assert len(keys) == 1
    assert "Ledger" in keys.pop()


def test_one_function_asks_and_two_check_what_it_signed(platform):
    assert who_may(platform, "lambda:InvokeFunction", FUNCTION) == {"appguard-audit-cosign"}
    assert who_may(platform, "kms:GetPublicKey", WITNESS_KEY) == {
        "appguard-audit-cosign",
        "appguard-audit-verify",
    }
    told = platform.functions()["appguard-audit-cosign"]["Environment"]["Variables"]
    assert (told["WITNESS_FUNCTION"], told["WITNESS_KEY_ID"]) == (FUNCTION, WITNESS_KEY)


def test_no_bucket_is_open_to_the_other_account_and_the_ledgers_accesses_are_noted(witness, platform):
    assert witness.resources("AWS::S3::Bucket") == {}
    for policy in platform.resources("AWS::S3::BucketPolicy").values():
        assert THEIRS not in json.dumps(policy)
    [trail] = platform.resources("AWS::CloudTrail::Trail").values()
    assert "LedgerBucket" in json.dumps(trail["Properties"]["EventSelectors"])


def test_its_alarms_are_heard_in_its_own_account(witness):
    [topic] = witness.resources("AWS::SNS::Topic")
    alarms = [one["Properties"] for one in witness.resources("AWS::CloudWatch::Alarm").values()]
    assert {one["AlarmName"] for one in alarms} == {
        "appguard-witness-contradiction",
        "appguard-witness-silence",
    }
    assert all(one["AlarmActions"] == [{"Ref": topic}] for one in alarms)


def to_accounts(assembly: Assembly, account: str) -> set[tuple[str, str]]:
    """What resource policies allow principals of an account: the kind of resource, and the action."""
    return {
        (resource["Type"], action)
        for _, resource in assembly.all_resources()
        for statement in statements(resource["Properties"])
        if statement["Effect"] == "Allow" and account in json.dumps(statement.get("Principal", ""))
        for action in several(statement["Action"])
    }


def statements(properties: dict) -> list[dict]:
    """The statements of a resource's own policy."""
    policies = [properties[name] for name in ("KeyPolicy", "PolicyDocument") if name in properties]
    return [statement for policy in policies for statement in policy.get("Statement", ())]
