"""What our templates say and the emulator's CloudFormation accepts without doing: put in place by API.

Each entry: the resource type, the property, why, and how. They are read from the templates, so a new
table or bucket needs nothing here. On AWS none of this runs.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from infra.local import emulator
from infra.local.deployment import stack_names, stacks

Properties = Mapping[str, Any]
Apply = Callable[[int, str, Properties, "Names"], None]


class Names(dict[str, str]):
    """Physical ids of one stack's resources by logical id; the resolver of `Ref`."""

    def resolve(self, value: Any) -> str:
        """A plain string, a `Ref`, or a `GetAtt … Arn` of a queue."""
        if isinstance(value, str):
            return value
        if "Ref" in value:
            return self[value["Ref"]]
        logical, attribute = value["Fn::GetAtt"]
        physical = self[logical]
        if attribute == "Arn" and physical.startswith("http"):  # a queue's id is its URL
            return f"arn:aws:sqs:{emulator.REGION}:{emulator.ACCOUNT}:{physical.rsplit('/', 1)[-1]}"
        return physical


class Difference(NamedTuple):
    """One property that CloudFormation drops."""

    kind: str
    prop: str
    reason: str
    apply: Apply


def _time_to_live(port: int, table: str, given: Properties, _: Names) -> None:
    dynamodb = emulator.client("dynamodb", port)
    if (
        dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"]["TimeToLiveStatus"]
        != "ENABLED"
    ):
        dynamodb.update_time_to_live(
            TableName=table, TimeToLiveSpecification=given["TimeToLiveSpecification"]
        )


def _point_in_time_recovery(port: int, table: str, given: Properties, _: Names) -> None:
    emulator.client("dynamodb", port).update_continuous_backups(
        TableName=table, PointInTimeRecoverySpecification=given["PointInTimeRecoverySpecification"]
    )


def _object_lock(port: int, bucket: str, given: Properties, _: Names) -> None:
    rule = given.get("ObjectLockConfiguration", {}).get("Rule")
    configuration = {"ObjectLockEnabled": "Enabled", **({"Rule": rule} if rule else {})}
    emulator.client("s3", port).put_object_lock_configuration(
        Bucket=bucket, ObjectLockConfiguration=configuration
    )


def _reserved_concurrency(port: int, function: str, given: Properties, _: Names) -> None:
    emulator.client("lambda", port).put_function_concurrency(
        FunctionName=function, ReservedConcurrentExecutions=given["ReservedConcurrentExecutions"]
    )


def _dead_letters(port: int, function: str, given: Properties, names: Names) -> None:
    target = names.resolve(given["DeadLetterConfig"]["TargetArn"])
    emulator.client("lambda", port).update_function_configuration(
        FunctionName=function, DeadLetterConfig={"TargetArn": target}
    )


def _boundary(port: int, role: str, given: Properties, names: Names) -> None:
    emulator.client("iam", port).put_role_permissions_boundary(
        RoleName=role, PermissionsBoundary=names.resolve(given["PermissionsBoundary"])
    )


DIFFERENCES = (
    Difference("AWS::DynamoDB::Table", "TimeToLiveSpecification", "dropped by CloudFormation", _time_to_live),
    Difference(
        "AWS::DynamoDB::Table",
        "PointInTimeRecoverySpecification",
        "dropped by CloudFormation",
        _point_in_time_recovery,
    ),
    Difference(
        "AWS::S3::Bucket",
        "ObjectLockEnabled",
        "dropped by CloudFormation, and the ledger is worth nothing without it",
        _object_lock,
    ),
    Difference(
        "AWS::Lambda::Function",
        "ReservedConcurrentExecutions",
        "dropped by CloudFormation",
        _reserved_concurrency,
    ),
    Difference("AWS::Lambda::Function", "DeadLetterConfig", "dropped by CloudFormation", _dead_letters),
    Difference("AWS::IAM::Role", "PermissionsBoundary", "dropped by CloudFormation", _boundary),
)


def apply(assembly: Path, port: int) -> list[str]:
    """Put every difference in place; returns what was done, for the log."""
    return [*_staging_over_http(port), *_from_templates(assembly, port)]


def _staging_over_http(port: int) -> Iterator[str]:
    """The bootstrap's bucket denies plain http to roles; on loopback there is nothing else."""
    if bootstrap := stacks(port).get("CDKToolkit"):
        emulator.client("s3", port).delete_bucket_policy(Bucket=bootstrap["BucketName"])
        yield f"AWS::S3::Bucket {bootstrap['BucketName']}: BucketPolicy removed"


def _from_templates(assembly: Path, port: int) -> list[str]:
    return [
        _put(port, difference, physical, properties, names)
        for kind, physical, properties, names in _resources(assembly, port)
        for difference in DIFFERENCES
        if difference.kind == kind and difference.prop in properties
    ]


def _put(port: int, difference: Difference, physical: str, properties: Properties, names: Names) -> str:
    difference.apply(port, physical, properties, names)
    return f"{difference.kind} {physical}: {difference.prop}"


def _resources(assembly: Path, port: int) -> Iterator[tuple[str, str, Properties, Names]]:
    """Type, physical id and properties of every deployed resource."""
    cloudformation = emulator.client("cloudformation", port)
    for stack in stack_names(assembly):
        pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack)
        found = [summary for page in pages for summary in page["StackResourceSummaries"]]
        names = Names({each["LogicalResourceId"]: each["PhysicalResourceId"] for each in found})
        template = json.loads((assembly / f"{stack}.template.json").read_text())
        for logical, resource in template["Resources"].items():
            yield resource["Type"], names.get(logical, ""), resource.get("Properties", {}), names
