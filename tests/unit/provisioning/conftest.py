import io
import json
import zipfile

import boto3
import pytest

from appguard.provisioning.provisioner import Provisioner
from appguard.provisioning.settings import ProvisioningSettings
from appguard.provisioning.store import Code, Limits, Secrets, Stacks
from tests.support.world import world_on_moto

BOUNDARY = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": "*"}],
}


@pytest.fixture
def world(monkeypatch):
    with world_on_moto(monkeypatch) as world:
        yield world


@pytest.fixture
def settings(world):
    api = boto3.client("apigatewayv2").create_api(Name="apps", ProtocolType="HTTP")["ApiId"]
    policy = boto3.client("iam").create_policy(PolicyName="boundary", PolicyDocument=json.dumps(BOUNDARY))
    return ProvisioningSettings(
        artifacts_bucket="artifacts",
        runtime_bucket="assets",
        runtime_key="runtime.zip",
        runtime="python3.12",
        boundary_arn=policy["Policy"]["Arn"],
        apps_api_id=api,
        connectors_api_id="conn1",
        apps_url="https://apps.example.com/",
        connectors_url="https://connectors.example.com",
        oidc_issuer="https://login.example.com",
        oidc_client_id="appguard",
        operators_topic_arn="arn:aws:sns:us-east-1:123456789012:appguard-operators",
    )


@pytest.fixture
def runtime() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("appguard/__init__.py", b"")
        archive.writestr("appguard/runtime/handler.py", b"serve = None")
    return buffer.getvalue()


@pytest.fixture
def provisioner(world, settings, runtime):
    world.s3.put_object(Bucket="assets", Key="runtime.zip", Body=runtime)
    return Provisioner(
        stacks=Stacks(boto3.client("cloudformation"), None),
        limits=Limits(boto3.client("iam"), boto3.client("lambda")),
        code=Code(world.s3, ("assets", "runtime.zip"), "artifacts"),
        secrets=Secrets(boto3.client("secretsmanager")),
        apps=world.apps,
        settings=settings,
        region="us-east-1",
        sleep=lambda _: None,
    )
