"""Everywhere an operator, an auditor or a thief would look for a secret, and what stands there."""

import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

from infra.local.story.ground import Ground

# What of a secret's content is secret; addresses and names of roles may be anywhere.
SECRET_WORDS = {"password", "session_key", "previous", "digest_key"}

Found = Iterator[tuple[str, bytes]]


def secrets_of(ground: Ground) -> set[str]:
    """Every value Secrets Manager holds now, of whatever version."""
    manager = ground.client("secretsmanager")
    known = set()
    for page in manager.get_paginator("list_secrets").paginate():
        for secret in page["SecretList"]:
            versions = manager.list_secret_version_ids(SecretId=secret["ARN"], IncludeDeprecated=True)[
                "Versions"
            ]
            for version in versions:
                held = manager.get_secret_value(SecretId=secret["ARN"], VersionId=version["VersionId"])
                content = json.loads(held.get("SecretString", "{}"))
                known |= {value for word, value in content.items() if word in SECRET_WORDS and value}
    return known


def leaks(ground: Ground, secrets: set[str]) -> dict[str, set[str]]:
    """The places that hold some of these, and which."""
    wanted = {secret: secret.encode() for secret in secrets}
    found: dict[str, set[str]] = {}
    for where, content in everything(ground):
        if held := {secret for secret, word in wanted.items() if word in content}:
            found[where] = found.get(where, set()) | held
    return found


def everything(ground: Ground) -> Found:
    """All places, by name, with what stands there."""
    for look in (
        _stacks,
        _functions,
        _logs,
        _executions,
        _machines,
        _tables,
        _objects,
        _parameters,
        _rules,
        _queues,
        _mails,
    ):
        yield from look(ground)


def _stacks(ground: Ground) -> Found:
    cloudformation = ground.client("cloudformation")
    for page in cloudformation.get_paginator("describe_stacks").paginate():
        for stack in page["Stacks"]:
            name = stack["StackName"]
            yield f"stack {name}: outputs, parameters, tags", _said(stack)
            yield (
                f"stack {name}: template",
                _said(cloudformation.get_template(StackName=name)["TemplateBody"]),
            )
            yield (
                f"stack {name}: events",
                _said(cloudformation.describe_stack_events(StackName=name)["StackEvents"]),
            )


def _functions(ground: Ground) -> Found:
    for page in ground.client("lambda").get_paginator("list_functions").paginate():
        for function in page["Functions"]:
            yield f"function {function['FunctionName']}", _said(function)


def _logs(ground: Ground) -> Found:
    logs = ground.client("logs")
    for page in logs.get_paginator("describe_log_groups").paginate():
        for group in page["logGroups"]:
            name = group["logGroupName"]
            for events in logs.get_paginator("filter_log_events").paginate(logGroupName=name):
                yield f"log {name}", "\n".join(event["message"] for event in events["events"]).encode()


def _executions(ground: Ground) -> Found:
    machines = ground.client("stepfunctions")
    for machine in machines.list_state_machines()["stateMachines"]:
        arn = machine["stateMachineArn"]
        for page in machines.get_paginator("list_executions").paginate(stateMachineArn=arn):
            for execution in page["executions"]:
                ran = execution["executionArn"]
                yield (
                    f"execution {execution['name']}: input, output",
                    _said(machines.describe_execution(executionArn=ran)),
                )
                history = machines.get_paginator("get_execution_history").paginate(executionArn=ran)
                yield (
                    f"execution {execution['name']}: history",
                    _said([events["events"] for events in history]),
                )


def _machines(ground: Ground) -> Found:
    machines = ground.client("stepfunctions")
    for machine in machines.list_state_machines()["stateMachines"]:
        yield (
            f"machine {machine['name']}",
            _said(machines.describe_state_machine(stateMachineArn=machine["stateMachineArn"])),
        )


def _tables(ground: Ground) -> Found:
    dynamodb = ground.client("dynamodb")
    for name in dynamodb.list_tables()["TableNames"]:
        for page in dynamodb.get_paginator("scan").paginate(TableName=name):
            for item in page["Items"]:
                yield f"table {name}: {item.get('pk')}", _said(item)


def _objects(ground: Ground) -> Found:
    s3 = ground.client("s3")
    for bucket in (bucket["Name"] for bucket in s3.list_buckets()["Buckets"]):
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
            for item in page.get("Contents", []):
                where = f"object {bucket}/{item['Key']}"
                for member, content in _unpacked(
                    s3.get_object(Bucket=bucket, Key=item["Key"])["Body"].read()
                ):
                    yield f"{where}{member}", content


def _unpacked(content: bytes) -> Found:
    yield "", content
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield f"!{name}", archive.read(name)


def _parameters(ground: Ground) -> Found:
    for page in ground.client("ssm").get_paginator("describe_parameters").paginate():
        for parameter in page["Parameters"]:
            found = ground.client("ssm").get_parameter(Name=parameter["Name"], WithDecryption=True)
            yield f"parameter {parameter['Name']}", _said(found)


def _rules(ground: Ground) -> Found:
    events, scheduler = ground.client("events"), ground.client("scheduler")
    for bus in events.list_event_buses()["EventBuses"]:
        for rule in events.list_rules(EventBusName=bus["Name"])["Rules"]:
            targets = events.list_targets_by_rule(Rule=rule["Name"], EventBusName=bus["Name"])["Targets"]
            yield f"rule {rule['Name']}", _said([rule, targets])
    for schedule in scheduler.list_schedules()["Schedules"]:
        yield f"schedule {schedule['Name']}", _said(scheduler.get_schedule(Name=schedule["Name"]))


def _queues(ground: Ground) -> Found:
    sqs = ground.client("sqs")
    for url in sqs.list_queues().get("QueueUrls", []):
        waiting = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=0)
        yield f"queue {url}", _said(waiting.get("Messages", []))


def _mails(ground: Ground) -> Found:
    yield "mail", _said(ground.mail_to("@"))


def _said(content: Any) -> bytes:
    return json.dumps(content, default=str, ensure_ascii=False).encode()
