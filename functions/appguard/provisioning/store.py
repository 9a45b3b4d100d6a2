"""AWS as provisioning sees it: stacks, limits of functions and roles, code archives."""

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from appguard.provisioning.parameters import taggable

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_iam import IAMClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_secretsmanager import SecretsManagerClient

FINISHED = frozenset({"CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"})
DEAD = frozenset({"ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED", "DELETE_FAILED"})


@dataclass(frozen=True)
class StackStatus:
    """How a stack stands; `reason` is CloudFormation's."""

    status: str
    reason: str = ""

    @property
    def ready(self) -> bool:
        """Whether the last change is in force."""
        return self.status in FINISHED

    @property
    def working(self) -> bool:
        """Whether CloudFormation is at work, and not on undoing a change."""
        return self.status.endswith("_IN_PROGRESS") and not self.ready and "ROLLBACK" not in self.status

    @property
    def dead(self) -> bool:
        """Whether the stack can only be deleted."""
        return self.status in DEAD


class Stacks:
    """CloudFormation stacks of micro apps."""

    def __init__(self, client: "CloudFormationClient", role_arn: str | None) -> None:
        """Let CloudFormation act as `role_arn`, or as the caller when there is none."""
        self._client, self._role_arn = client, role_arn

    def status(self, name: str) -> StackStatus | None:
        """How the stack stands; None when there is none."""
        try:
            stack = self._client.describe_stacks(StackName=name)["Stacks"][0]
        except ClientError as error:
            if "does not exist" in str(error):
                return None
            raise
        found = StackStatus(stack["StackStatus"], stack.get("StackStatusReason", ""))
        return None if found.status == "DELETE_COMPLETE" else found

    def put(
        self, name: str, template: str, parameters: Mapping[str, str], tags: Mapping[str, str], token: str
    ) -> None:
        """Create or update the stack; nothing to do is fine, and so is a call that was made before."""
        request: dict[str, Any] = {
            "StackName": name,
            "TemplateBody": template,
            "Parameters": [{"ParameterKey": k, "ParameterValue": v} for k, v in parameters.items()],
            "Tags": [{"Key": key, "Value": taggable(value)} for key, value in tags.items()],
            "Capabilities": ["CAPABILITY_NAMED_IAM"],
            "ClientRequestToken": token,
        }
        if self._role_arn:
            request["RoleARN"] = self._role_arn
        try:
            if self.status(name) is None:
                self._client.create_stack(**request)
            else:
                self._client.update_stack(**request)
        except ClientError as error:
            if not _nothing_to_do(error):
                raise

    def delete(self, name: str) -> None:
        """Start deleting the stack; it is fine if there is none."""
        request: dict[str, Any] = {"StackName": name}
        if self._role_arn:
            request["RoleARN"] = self._role_arn
        self._client.delete_stack(**request)


class Limits:
    """What keeps an app within bounds. Set after the stack and read back: a template alone proves nothing."""

    def __init__(self, iam: "IAMClient", functions: "LambdaClient") -> None:
        """Work on roles through `iam` and on functions through `functions`."""
        self._iam, self._functions = iam, functions

    def bound(self, role: str, boundary: str) -> bool:
        """Put the permissions boundary; says whether the role really has it."""
        if self._boundary(role) != boundary:
            self._iam.put_role_permissions_boundary(RoleName=role, PermissionsBoundary=boundary)
        return self._boundary(role) == boundary

    def reserve(self, function: str, concurrency: int) -> bool:
        """Put the reserved concurrency (0 stops the function); says whether it is in force."""
        if self._reserved(function) != concurrency:
            self._functions.put_function_concurrency(
                FunctionName=function, ReservedConcurrentExecutions=concurrency
            )
        return self._reserved(function) == concurrency

    def exists(self, function: str) -> bool:
        """Whether there is such a function."""
        try:
            self._functions.get_function_concurrency(FunctionName=function)
        except self._functions.exceptions.ResourceNotFoundException:
            return False
        return True

    def call(self, function: str, event: Mapping[str, Any]) -> dict[str, Any]:
        """Invoke the function and return what it answers; an error of its own comes as `FunctionError`."""
        answer = self._functions.invoke(FunctionName=function, Payload=json.dumps(event).encode())
        body = json.loads(answer["Payload"].read() or b"null")
        found = body if isinstance(body, dict) else {}
        return {**found, "FunctionError": answer["FunctionError"]} if "FunctionError" in answer else found

    def _boundary(self, role: str) -> str | None:
        found = self._iam.get_role(RoleName=role)["Role"].get("PermissionsBoundary", {})
        return found.get("PermissionsBoundaryArn")

    def _reserved(self, function: str) -> int | None:
        found = self._functions.get_function_concurrency(FunctionName=function)
        return found.get("ReservedConcurrentExecutions")


class Code:
    """The runtime asset, and the archives built from it."""

    def __init__(self, s3: "S3Client", runtime: tuple[str, str], bucket: str) -> None:
        """Read the runtime from (bucket, key) and keep archives in `bucket`."""
        self._s3, self._runtime, self._bucket = s3, runtime, bucket

    def runtime(self) -> bytes:
        """The archive every app's function starts from."""
        bucket, key = self._runtime
        return self._s3.get_object(Bucket=bucket, Key=key)["Body"].read()

    def put(self, app_id: str, archive: bytes) -> str:
        """Keep an archive under its content's hash; returns the key."""
        key = f"apps/{app_id}/{hashlib.sha256(archive).hexdigest()}.zip"
        self._s3.put_object(Bucket=self._bucket, Key=key, Body=archive, ContentType="application/zip")
        return key


class Secrets:
    """The secrets of micro apps."""

    def __init__(self, client: "SecretsManagerClient") -> None:
        """Work through `client`."""
        self._client = client

    def delete(self, name: str) -> None:
        """Make sure nothing is left of the secret; the stack has normally deleted it already."""
        with suppress(self._client.exceptions.ResourceNotFoundException):
            self._client.delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)


def _nothing_to_do(error: ClientError) -> bool:
    code = error.response["Error"]["Code"]
    words = str(error)
    return code in ("AlreadyExistsException", "TokenAlreadyExistsException") or "No updates" in words
