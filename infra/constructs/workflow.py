"""A state machine whose ASL says `${Classify}` for the handlers given here."""

import json
import re
from collections.abc import Mapping
from pathlib import Path

from aws_cdk import Duration, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from infra.constructs.handler import LOG_RETENTION, Handler
from infra.target import Target

PLACEHOLDER = re.compile(r"\$\{(\w+)\}")

LOG_DELIVERY = (
    "CreateLogDelivery",
    "GetLogDelivery",
    "UpdateLogDelivery",
    "DeleteLogDelivery",
    "ListLogDeliveries",
    "PutResourcePolicy",
    "DescribeResourcePolicies",
    "DescribeLogGroups",
)


class Workflow(Construct):
    """Ties a definition to its tasks, and nothing else: one placeholder per handler, none left over."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        target: Target,
        name: str,
        definition: Path,
        tasks: Mapping[str, Handler],
        telemetry: iam.IManagedPolicy,
        timeout: Duration,
    ) -> None:
        super().__init__(scope, construct_id)
        self.arn = workflow_arn(self, name)
        role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal("states.amazonaws.com"),
            managed_policies=[telemetry],
        )
        for actions, resources in (
            (["lambda:InvokeFunction"], [task.function.function_arn for task in tasks.values()]),
            ([f"logs:{action}" for action in LOG_DELIVERY], ["*"]),
        ):
            role.add_to_policy(iam.PolicyStatement(actions=actions, resources=resources))
        self.machine = sfn.StateMachine(
            self,
            "Machine",
            state_machine_name=name,
            definition_body=sfn.DefinitionBody.from_string(
                fill(
                    definition.read_text(), {word: task.function.function_arn for word, task in tasks.items()}
                )
            ),
            role=role.without_policy_updates(),
            timeout=timeout,
            tracing_enabled=True,
            logs=sfn.LogOptions(
                destination=logs.LogGroup(
                    self,
                    "Logs",
                    log_group_name=f"/aws/vendedlogs/states/{name}",
                    retention=LOG_RETENTION,
                    removal_policy=target.removal,
                ),
                level=sfn.LogLevel.ALL,
                include_execution_data=False,
            ),
            removal_policy=target.removal,
        )
        self.machine.node.add_dependency(role)

    def grant_start(self, *handlers: Handler) -> None:
        """Start executions."""
        for handler in handlers:
            handler.allow("states:StartExecution", on=[self.arn])

    def grant_look(self, *handlers: Handler) -> None:
        """See how executions stand."""
        execution = self.arn.replace(":stateMachine:", ":execution:") + ":*"
        for handler in handlers:
            handler.allow("states:DescribeExecution", on=[execution])

    def grant_stop(self, *handlers: Handler) -> None:
        """End executions."""
        execution = self.arn.replace(":stateMachine:", ":execution:") + ":*"
        for handler in handlers:
            handler.allow("states:StopExecution", on=[execution])

    def grant_answer(self, *handlers: Handler) -> None:
        """Answer a waiting task by its token."""
        for handler in handlers:
            handler.allow("states:SendTaskSuccess", "states:SendTaskFailure", on=[self.arn])


def workflow_arn(scope: Construct, name: str) -> str:
    """The machine's ARN by its name, for the environment of functions it calls itself."""
    stack = Stack.of(scope)
    return f"arn:{stack.partition}:states:{stack.region}:{stack.account}:stateMachine:{name}"


def fill(definition: str, words: Mapping[str, str]) -> str:
    """Replace every placeholder; raises `ValueError` when one has no word or a word has no placeholder."""
    wanted = set(PLACEHOLDER.findall(definition))
    if wanted != set(words):
        raise ValueError(f"placeholders and tasks differ: {sorted(wanted ^ set(words))}")
    compact = json.dumps(json.loads(definition), separators=(",", ":"))
    return PLACEHOLDER.sub(lambda found: words[found[1]], compact)
