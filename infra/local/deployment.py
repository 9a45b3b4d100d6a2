"""Deploy an assembly onto the emulator with the same command line that deploys to AWS.

What is deployed is noted in the emulator itself (an SSM parameter): a note of our own would survive
when the emulator's state does not.
"""

import json
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from infra.local import emulator
from infra.local.node import cdk
from infra.local.status import aws_endpoint

NOTE = "/appguard/local/deployed"
BUILD_STEPS = ("--all", "--require-approval", "never", "--method", "direct", "--ci", "--progress", "events")


def is_deployed(assembly: Path, port: int) -> bool:
    """Whether exactly this assembly is what runs there."""
    try:
        found = emulator.client("ssm", port).get_parameter(Name=NOTE)
    except ClientError as error:
        if error.response["Error"]["Code"] == "ParameterNotFound":
            return False
        raise
    return bool(found["Parameter"]["Value"] == assembly.name)


def deploy(assembly: Path, port: int) -> None:
    """Bootstrap when needed, then deploy all stacks."""
    environment = {
        "AWS_ACCESS_KEY_ID": emulator.ROOT_KEY,
        "AWS_SECRET_ACCESS_KEY": emulator.ROOT_KEY,
        "AWS_REGION": emulator.REGION,
        "AWS_ENDPOINT_URL": aws_endpoint(port),
        "AWS_EC2_METADATA_DISABLED": "true",
        "CDK_DEFAULT_ACCOUNT": emulator.ACCOUNT,
        "CDK_DEFAULT_REGION": emulator.REGION,
    }
    if "CDKToolkit" not in stacks(port):
        account = f"aws://{emulator.ACCOUNT}/{emulator.REGION}"
        cdk("bootstrap", account, "--app", assembly, environment=environment)
    cdk("deploy", "--app", assembly, *BUILD_STEPS, environment=environment)


def note(assembly: Path, port: int) -> None:
    """Say that this assembly is deployed, differences and all."""
    emulator.client("ssm", port).put_parameter(Name=NOTE, Value=assembly.name, Type="String", Overwrite=True)


def stacks(port: int) -> dict[str, dict[str, str]]:
    """The outputs of every finished stack, by the stack's name."""
    pages = emulator.client("cloudformation", port).get_paginator("describe_stacks").paginate()
    return {
        stack["StackName"]: {out["OutputKey"]: out["OutputValue"] for out in stack.get("Outputs", [])}
        for page in pages
        for stack in page["Stacks"]
        if stack["StackStatus"] in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}
    }


def outputs(assembly: Path, port: int) -> dict[str, str]:
    """The outputs of the assembly's own stacks together."""
    found = stacks(port)
    return {key: value for name in stack_names(assembly) for key, value in found.get(name, {}).items()}


def stack_names(assembly: Path) -> list[str]:
    """The stacks of an assembly."""
    artifacts: dict[str, Any] = json.loads((assembly / "manifest.json").read_text())["artifacts"]
    return [name for name, artifact in artifacts.items() if artifact["type"] == "aws:cloudformation:stack"]
