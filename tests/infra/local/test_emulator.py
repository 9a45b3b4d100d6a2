"""On a real emulator: what it forgets or ignores is put right."""

import io
import json
import os
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import ClientError

from infra.local import deployment, differences, emulator, keeping
from infra.local.ports import free_ports

pytestmark = pytest.mark.slow
TEMPLATE = {
    "Resources": {
        "Sessions": {
            "Type": "AWS::DynamoDB::Table",
            "Properties": {
                "TableName": "sessions",
                "BillingMode": "PAY_PER_REQUEST",
                "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
                "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
                "TimeToLiveSpecification": {"AttributeName": "expires", "Enabled": True},
                "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
            },
        },
        "Boundary": {
            "Type": "AWS::IAM::ManagedPolicy",
            "Properties": {"PolicyDocument": {"Version": "2012-10-17", "Statement": []}},
        },
        "Role": {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "RoleName": "bounded",
                "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": []},
                "PermissionsBoundary": {"Ref": "Boundary"},
            },
        },
        "Ledger": {
            "Type": "AWS::S3::Bucket",
            "Properties": {
                "BucketName": "ledger",
                "VersioningConfiguration": {"Status": "Enabled"},
                "ObjectLockEnabled": True,
                "ObjectLockConfiguration": {
                    "ObjectLockEnabled": "Enabled",
                    "Rule": {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 365}},
                },
            },
        },
    }
}


@pytest.fixture
def aws(tmp_path):
    """A running emulator with the template deployed and the differences applied."""
    port = free_ports(1)[0]
    running = [emulator.start(port)]
    assembly = tmp_path / "assembly"
    assembly.mkdir()
    (assembly / "data.template.json").write_text(json.dumps(TEMPLATE))
    (assembly / "manifest.json").write_text(
        json.dumps({"artifacts": {"data": {"type": "aws:cloudformation:stack"}}})
    )
    cloudformation = emulator.client("cloudformation", port)
    cloudformation.create_stack(
        StackName="data", TemplateBody=json.dumps(TEMPLATE), Capabilities=["CAPABILITY_NAMED_IAM"]
    )
    cloudformation.get_waiter("stack_create_complete").wait(StackName="data", WaiterConfig={"Delay": 1})
    differences.apply(assembly, port)
    yield port, assembly, running
    running[-1].stop()


def test_what_the_template_says_and_cloudformation_drops_is_in_place(aws):
    port, _, _ = aws
    dynamodb, s3, iam = (emulator.client(name, port) for name in ("dynamodb", "s3", "iam"))
    ttl = dynamodb.describe_time_to_live(TableName="sessions")["TimeToLiveDescription"]
    backups = dynamodb.describe_continuous_backups(TableName="sessions")["ContinuousBackupsDescription"]
    lock = s3.get_object_lock_configuration(Bucket="ledger")["ObjectLockConfiguration"]
    assert ttl == {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires"}
    assert backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "ENABLED"
    assert lock["Rule"]["DefaultRetention"] == {"Mode": "COMPLIANCE", "Days": 365}
    assert "PermissionsBoundary" in iam.get_role(RoleName="bounded")["Role"]


def test_a_program_in_a_function_s_archive_can_be_run(aws):
    port, _, _ = aws
    code = "import subprocess\ndef run(event, _): return subprocess.check_output(['./tool'], text=True)\n"
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as zipped:
        zipped.writestr("main.py", code)
        tool = zipfile.ZipInfo("tool")
        tool.external_attr = 0o755 << 16
        zipped.writestr(tool, "#!/bin/sh\necho ran\n")
    functions = emulator.client("lambda", port)
    role = emulator.client("iam", port).get_role(RoleName="bounded")["Role"]["Arn"]
    functions.create_function(
        FunctionName="tool",
        Runtime="python3.13",
        Handler="main.run",
        Role=role,
        Code={"ZipFile": archive.getvalue()},
    )
    assert json.load(functions.invoke(FunctionName="tool")["Payload"]) == "ran\n"


def test_applying_the_differences_twice_does_no_harm(aws):
    port, assembly, _ = aws
    assert len(differences.apply(assembly, port)) == 4


def test_nothing_counts_as_deployed_until_it_was_noted(aws):
    port, assembly, _ = aws
    assert not deployment.is_deployed(assembly, port)
    deployment.note(assembly, port)
    assert deployment.is_deployed(assembly, port)


def restart(port, running):
    keeping.note_locks(port)
    running[-1].stop()
    keeping.copy_state()
    assert not keeping.recover_state()
    running.append(emulator.start(port))
    keeping.restore_locks(port)


def test_object_lock_outlives_a_restart(aws):
    port, _, running = aws
    s3 = emulator.client("s3", port)
    until = datetime.now(UTC).replace(microsecond=0) + timedelta(days=7 * 365)
    locked = {"ObjectLockMode": "COMPLIANCE", "ObjectLockRetainUntilDate": until}
    version = s3.put_object(Bucket="ledger", Key="7y/entry", Body=b"fact", **locked)["VersionId"]
    restart(port, running)
    found = s3.get_object_retention(Bucket="ledger", Key="7y/entry", VersionId=version)["Retention"]
    assert found["RetainUntilDate"] == until
    with pytest.raises(ClientError, match="AccessDenied"):
        s3.delete_object(Bucket="ledger", Key="7y/entry", VersionId=version)


def test_a_killed_emulator_goes_back_to_its_last_clean_stop(aws):
    port, _, running = aws
    dynamodb = emulator.client("dynamodb", port)
    dynamodb.put_item(TableName="sessions", Item={"pk": {"S": "before"}})
    restart(port, running)
    dynamodb.put_item(TableName="sessions", Item={"pk": {"S": "after"}})
    emulator.client("s3", port).put_object(Bucket="ledger", Key="unmatched", Body=b"x")
    os.kill(running[-1].pid, 9)
    running[-1].stop()
    assert keeping.recover_state()
    running.append(emulator.start(port))
    rows = dynamodb.scan(TableName="sessions")["Items"]
    listed = emulator.client("s3", port).list_objects_v2(Bucket="ledger")
    assert rows == [{"pk": {"S": "before"}}]
    assert listed["KeyCount"] == 0
