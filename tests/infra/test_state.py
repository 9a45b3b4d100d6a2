"""What must survive: tables, buckets, keys."""

import json

from tests.infra.assembly import text
from tests.infra.rights import role_of

STATEFUL = {"AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::KMS::Key"}


def test_all_state_lives_in_the_data_stack(aws):
    for resource in aws.templates["appguard-platform"]["Resources"].values():
        assert resource["Type"] not in STATEFUL


def test_no_code_lives_in_the_data_stack(aws):
    kinds = {resource["Type"] for resource in aws.templates["appguard-data"]["Resources"].values()}
    assert not {kind for kind in kinds if kind.startswith(("AWS::Lambda", "AWS::IAM", "Custom::"))}


def test_tables_are_recoverable_encrypted_and_protected_from_deletion(aws):
    tables = aws.resources("AWS::DynamoDB::Table")
    assert len(tables) == 9
    for name, table in tables.items():
        properties = table["Properties"]
        recoverable = properties["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"]
        assert recoverable is not name.startswith("Subjects"), "a copy would outlive the forgetting"
        assert properties["SSESpecification"]["SSEEnabled"]
        assert properties["DeletionProtectionEnabled"]
        assert table["DeletionPolicy"] == "Retain"
        assert properties["BillingMode"] == "PAY_PER_REQUEST"


def test_the_catalog_finds_apps_by_owner_state_and_due_date(aws):
    [catalog] = [t for name, t in aws.resources("AWS::DynamoDB::Table").items() if name.startswith("Catalog")]
    indexes = {index["IndexName"]: index for index in catalog["Properties"]["GlobalSecondaryIndexes"]}
    assert set(indexes) == {"by_owner", "by_state", "by_due"}
    assert all(index["Projection"]["ProjectionType"] == "ALL" for index in indexes.values())


def test_buckets_are_private_versioned_and_refuse_plain_http(aws):
    buckets = aws.resources("AWS::S3::Bucket")
    policies = {
        policy["Properties"]["Bucket"]["Ref"]: policy["Properties"]["PolicyDocument"]["Statement"]
        for policy in aws.resources("AWS::S3::BucketPolicy").values()
    }
    for name, bucket in buckets.items():
        properties = bucket["Properties"]
        assert set(properties["PublicAccessBlockConfiguration"].values()) == {True}
        assert properties["BucketEncryption"]
        assert bucket["DeletionPolicy"] == "Retain"
        assert any(
            statement["Effect"] == "Deny"
            and statement.get("Condition") == {"Bool": {"aws:SecureTransport": "false"}}
            for statement in policies[name]
        )
        if not name.startswith("AccessLogs"):
            assert properties["LoggingConfiguration"]
        if not name.startswith(("AccessLogs", "Results", "SearchIndex")):
            assert properties["VersioningConfiguration"] == {"Status": "Enabled"}


def test_of_the_searchs_index_what_grew_goes_and_what_is_full_stays(aws):
    [bucket] = [b for name, b in aws.resources("AWS::S3::Bucket").items() if name.startswith("SearchIndex")]
    [rule] = bucket["Properties"]["LifecycleConfiguration"]["Rules"]
    assert (rule["Prefix"], rule["ExpirationInDays"]) == ("growing/", 2)


def test_results_of_queries_are_gone_after_a_day_and_no_version_of_them_stays(aws):
    [bucket] = [b for name, b in aws.resources("AWS::S3::Bucket").items() if name.startswith("Results")]
    [rule] = bucket["Properties"]["LifecycleConfiguration"]["Rules"]
    assert rule == {
        "Status": "Enabled",
        "ExpirationInDays": 1,
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1},
    }
    assert "VersioningConfiguration" not in bucket["Properties"]


def test_the_ledger_is_locked_in_compliance_mode_for_a_year_at_least(aws):
    [bucket] = [b for name, b in aws.resources("AWS::S3::Bucket").items() if name.startswith("LedgerBucket")]
    assert bucket["Properties"]["ObjectLockEnabled"] is True
    assert bucket["Properties"]["ObjectLockConfiguration"]["Rule"]["DefaultRetention"] == {
        "Mode": "COMPLIANCE",
        "Days": 365,
    }


def test_everybody_is_denied_deletion_in_the_ledger(aws):
    [policy] = [
        p
        for p in aws.resources("AWS::S3::BucketPolicy").values()
        if "LedgerBucket" in json.dumps(p["Properties"]["Bucket"])
    ]
    denied = {
        action
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
        if statement["Effect"] == "Deny"
        and statement["Principal"] == {"AWS": "*"}
        and "Condition" not in statement
        for action in statement["Action"]
    }
    assert {"s3:DeleteObject", "s3:DeleteObjectVersion"} <= denied


def test_the_signing_key_is_ed25519_and_signs_only(aws):
    [key] = [k for name, k in aws.resources("AWS::KMS::Key").items() if name.startswith("Ledger")]
    assert key["Properties"]["KeySpec"] == "ECC_NIST_EDWARDS25519"
    assert key["Properties"]["KeyUsage"] == "SIGN_VERIFY"
    assert key["DeletionPolicy"] == "Retain"


def test_what_finds_a_persons_key_is_a_key_of_kms_that_only_makes_macs(aws):
    [key] = [k for name, k in aws.resources("AWS::KMS::Key").items() if name.startswith("Subjects")]
    assert (key["Properties"]["KeySpec"], key["Properties"]["KeyUsage"]) == (
        "HMAC_256",
        "GENERATE_VERIFY_MAC",
    )


def test_state_cannot_be_deleted_with_its_stack(aws):
    manifest = json.loads((aws.folder / "manifest.json").read_text())
    assert manifest["artifacts"]["appguard-data"]["properties"]["terminationProtection"] is True


def test_every_queue_has_somewhere_for_what_fails(aws):
    queues = aws.resources("AWS::SQS::Queue")
    for name, queue in queues.items():
        assert queue["Properties"]["SqsManagedSseEnabled"]
        if "DeadLetters" not in name:
            assert queue["Properties"]["RedrivePolicy"]["maxReceiveCount"] == 5


def test_nothing_of_a_log_is_stored_for_less_than_its_class_demands_by_s3s_own_clock(aws):
    [policy] = [
        p["Properties"]["PolicyDocument"]["Statement"]
        for p in aws.resources("AWS::S3::BucketPolicy").values()
        if "LedgerBucket" in json.dumps(p["Properties"]["Bucket"])
    ]
    demanded = {}
    for statement in policy:
        if days := statement.get("Condition", {}).get("NumericLessThan"):
            assert (statement["Effect"], statement["Action"]) == ("Deny", "s3:PutObject")
            assert statement["Principal"] == {"AWS": "*"}
            for resource in statement["Resource"]:
                key = text(resource).partition("/")[2]
                demanded[key] = int(days["s3:object-lock-remaining-retention-days"])
    for log, days in {"1y": 365, "3y": 1095, "7y": 2555}.items():
        assert demanded[f"{log}/*"] == demanded[f"batches/{log}/*"] == days


def test_every_access_to_the_ledgers_objects_is_noted(aws):
    [trail] = aws.resources("AWS::CloudTrail::Trail").values()
    assert trail["Properties"]["EnableLogFileValidation"]
    [selector] = trail["Properties"]["EventSelectors"]
    [values] = [one["Values"] for one in selector["DataResources"]]
    assert "LedgerBucket" in json.dumps(values)
    assert selector.get("ReadWriteType", "All") == "All"


def test_the_witnesss_key_signs_for_the_witness_alone_whatever_other_policies_say(aws):
    [key] = [key for name, key in aws.resources("AWS::KMS::Key").items() if name.startswith("KeySigning")]
    [deny] = [s for s in key["Properties"]["KeyPolicy"]["Statement"] if s["Effect"] == "Deny"]
    role = role_of(aws, "appguard-witness-cosign")
    assert deny["Action"] == "kms:Sign"
    assert deny["Condition"] == {"ArnNotLike": {"aws:PrincipalArn": [{"Fn::GetAtt": [role, "Arn"]}]}}
