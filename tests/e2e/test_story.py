"""The deployed whole: the story step by step, then the ways to spoil its evidence."""

import io
import json
import time
import zipfile
from contextlib import contextmanager

import pytest

from infra.local import platform
from infra.local.story.__main__ import STEPS
from infra.local.story.cast import ADA, ROB
from infra.local.story.chapters import prove
from infra.local.story.ground import until
from infra.local.story.teller import NotAsTold
from infra.local.story.visitor import Visitor
from tests.e2e.walk import leaks, secrets_of

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def seen():
    """Every secret there ever was while the story was told."""
    return set()


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.title)
def test_the_story_goes_as_told(story, step, ground, seen):
    assert step.do(story)
    seen |= secrets_of(ground)


SEARCHES = {
    "app={app}&action=app.created": "app.created",
    "actor=rob%40example.com&action=approval.": "approval.decided",
    "resource=app+{app}&action=app.published": "app.published",
    "result=denied&action=data.exported": "data.exported",
    "data_class=personal&action=data.read": "data.read",
    "from=2020-01-01&to=2099-12-31&action=app.archived": "app.archived",
    "text={app}&action=bundle.": "bundle.attested",
    "saved=approvals&app={app}": "approval.decided",
}


@pytest.mark.parametrize("indexed", [False, True])
def test_the_auditor_finds_the_story_by_every_filter_and_each_hit_has_a_proof(
    story, ground, tmp_path, indexed
):
    if indexed:
        progress = ground.invoke("appguard-audit-search-index", {})
        assert 0 < progress["indexed"] == progress["signed"]
    key = tmp_path / "key.der"
    key.write_bytes(ground.client("kms").get_public_key(KeyId=ground.outputs["LedgerKeyArn"])["PublicKey"])
    ada = story.person(ADA)
    for asked, action in SEARCHES.items():
        ada.open(f"/audit?{asked.format(app=story.app_id)}")
        assert action in {cell.text for cell in ada.page.select("tbody code")}, asked
        assert "Not proven" not in ada.text
        assert ("the others were read" not in ada.text) or not indexed
        proof = tmp_path / "proof.json"
        proof.write_bytes(ada.open(ada.page.select("tbody a[href$=proof]")[0]["href"]).content)
        assert "is entry" in prove.appguard("audit", "verify", str(proof), "--key", str(key))


def test_a_reviewer_may_not_search_and_the_index_gives_the_same_as_no_index(story, tmp_path):
    assert story.person(ROB).open("/audit").status_code == 403

    questions = (("--result", "denied"), ("--saved", "approvals"), ("--app", story.app_id))
    before = [ids(*question) for question in questions]
    folder = tmp_path / "ledger"
    prove.appguard("audit", "export", str(folder))
    exported = [ids(*question, "--from", str(folder)) for question in questions]
    after = [ids(*question) for question in questions]
    for earlier, searched, later in zip(before, exported, after, strict=True):
        assert earlier
        assert earlier <= searched <= later


def ids(*question: str) -> set[str]:
    return {entry["event_id"] for entry in prove.entries(*question)}


PLANTED = "planted-secret-7QxT2mV9"


@contextmanager
def planted(ground):
    """A secret in one place of each kind, as a careless change would leave it; taken away again."""
    logs, s3, tables = ground.client("logs"), ground.client("s3"), ground.client("dynamodb")
    functions, ssm, machines = ground.client("lambda"), ground.client("ssm"), ground.client("stepfunctions")
    cloudformation, group = ground.client("cloudformation"), "/aws/lambda/appguard-portal-serve"
    logs.create_log_stream(logGroupName=group, logStreamName="planted")
    logs.put_log_events(
        logGroupName=group,
        logStreamName="planted",
        logEvents=[{"timestamp": int(time.time() * 1000), "message": f"signed in with {PLANTED}"}],
    )
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("app/app.json", json.dumps({"key": PLANTED}))
    bucket, table = ground.outputs["ArtifactsBucket"], ground.outputs["CatalogTable"]
    s3.put_object(Bucket=bucket, Key="apps/planted.zip", Body=archive.getvalue())
    item = {"pk": {"S": "PLANTED"}, "sk": {"S": "PLANTED"}, "note": {"S": PLANTED}}
    tables.put_item(TableName=table, Item=item)
    ssm.put_parameter(Name="/planted", Value=PLANTED, Type="String")
    role = ground.client("iam").get_role(RoleName="appguard-provisioning")["Role"]["Arn"]
    definition = json.dumps({"StartAt": "S", "States": {"S": {"Type": "Succeed"}}})
    machine = machines.create_state_machine(name="planted", definition=definition, roleArn=role)[
        "stateMachineArn"
    ]
    machines.start_execution(stateMachineArn=machine, name="planted", input=json.dumps({"key": PLANTED}))
    nothing = {"Resources": {"Nothing": {"Type": "AWS::CloudFormation::WaitConditionHandle"}}}
    word = {"Parameters": {"Key": {"Type": "String"}}, "Outputs": {"Key": {"Value": {"Ref": "Key"}}}}
    cloudformation.create_stack(
        StackName="planted",
        TemplateBody=json.dumps(nothing | word),
        Parameters=[{"ParameterKey": "Key", "ParameterValue": PLANTED}],
    )
    before = functions.get_function_configuration(FunctionName="appguard-audit-sweep")["Environment"][
        "Variables"
    ]
    functions.update_function_configuration(
        FunctionName="appguard-audit-sweep", Environment={"Variables": before | {"KEY": PLANTED}}
    )
    yield
    functions.update_function_configuration(
        FunctionName="appguard-audit-sweep", Environment={"Variables": before}
    )
    cloudformation.delete_stack(StackName="planted")
    machines.delete_state_machine(stateMachineArn=machine)
    ssm.delete_parameter(Name="/planted")
    tables.delete_item(TableName=table, Key={name: item[name] for name in ("pk", "sk")})
    s3.delete_object(Bucket=bucket, Key="apps/planted.zip")
    logs.delete_log_stream(logGroupName=group, logStreamName="planted")


@pytest.fixture(scope="module")
def rotated(story, ground, seen):
    """What the end of the story replaces; both its old and its new value were secrets."""
    kept = ground.invoke("appguard-secrets-keep", {"app_id": story.quick_id})
    seen |= secrets_of(ground)
    return kept["rotated"]


@pytest.fixture(scope="module")
def found(ground, seen, rotated):
    """Where secrets stand, the planted one among them: everything is read once, which takes long enough."""
    with planted(ground):
        return leaks(ground, seen | {PLANTED})


def test_no_secret_of_the_story_stands_anywhere_but_in_secrets_manager(seen, rotated, found):
    assert len(rotated) == 2
    assert len(seen) >= 12, "keys and passwords of two apps, three administrators, three digest keys"
    assert [where for where, secrets in found.items() if secrets & seen] == []


def test_a_secret_left_in_any_of_these_places_would_be_found(found):
    for place in (
        "log /aws/lambda/appguard-portal-serve",
        "apps/planted.zip!app/app.json",
        "table ",
        "parameter /planted",
        "execution planted: input",
        "stack planted: outputs, parameters",
        "function appguard-audit-sweep",
    ):
        assert any(place in where and PLANTED in secrets for where, secrets in found.items()), place


def test_after_a_restart_new_events_reach_the_ledger_and_the_old_still_verify(story):
    before = prove.entries("--action", "person.signed_in")
    platform.down()
    platform.up()
    Visitor.signed_in(story.endpoints.portal, ADA)

    until(
        lambda: len(prove.entries("--action", "person.signed_in")) > len(before), "the sign-in in the ledger"
    )
    assert prove.verified(story)


def test_a_ledger_whose_newest_entry_was_altered_fails_the_verification(story, ground):
    s3, bucket = ground.client("s3"), ground.outputs["LedgerBucket"]
    entries = s3.list_objects_v2(Bucket=bucket, Prefix="3y/tile/entries/")["Contents"]
    newest = max(entries, key=lambda entry: entry["LastModified"])["Key"]
    s3.put_object(Bucket=bucket, Key=newest, Body=b"nothing happened here")

    with pytest.raises(NotAsTold, match=f"BAD {newest}"):
        prove.verified(story)


def test_an_entry_cannot_be_deleted_not_even_with_all_rights(ground):
    s3, bucket = ground.client("s3"), ground.outputs["LedgerBucket"]
    version = s3.list_object_versions(Bucket=bucket, Prefix="3y/tile/")["Versions"][-1]

    with pytest.raises(s3.exceptions.ClientError, match=r"AccessDenied|retention|Object Lock"):
        s3.delete_object(Bucket=bucket, Key=version["Key"], VersionId=version["VersionId"])
