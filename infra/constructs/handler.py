"""A Lambda function of the platform."""

from collections.abc import Mapping, Sequence

from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.target import Target

LOG_RETENTION = logs.RetentionDays.THREE_MONTHS


class Handler(Construct):
    """One handler with a role, a log group and a name of its own, traced, and granted nothing yet.

    A `powerless` one has a role that may do nothing, not even write logs, and can be granted nothing.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        target: Target,
        name: str,
        entry: str,
        code: lambda_.Code,
        layers: Sequence[lambda_.ILayerVersion],
        environment: Mapping[str, str],
        memory_mb: int,
        timeout_seconds: int,
        powerless: bool = False,
    ) -> None:
        super().__init__(scope, construct_id)
        log_group = logs.LogGroup(
            self,
            "Logs",
            log_group_name=f"/aws/lambda/{name}",
            retention=LOG_RETENTION,
            removal_policy=target.removal,
        )
        self.role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        self.function = lambda_.Function(
            self,
            "Function",
            function_name=name,
            runtime=target.runtime,
            architecture=target.architecture,
            handler=entry,
            code=code,
            layers=list(layers),
            role=self.role.without_policy_updates() if powerless else self.role,
            environment={"POWERTOOLS_SERVICE_NAME": name.removeprefix("appguard-"), **environment},
            memory_size=memory_mb,
            timeout=Duration.seconds(timeout_seconds),
            tracing=lambda_.Tracing.DISABLED if powerless else lambda_.Tracing.ACTIVE,
            log_group=log_group,
        )
        if not powerless:
            log_group.grant_write(self.role)

    def allow(
        self, *actions: str, on: Sequence[str], when: Mapping[str, Mapping[str, object]] | None = None
    ) -> None:
        """Let the function do exactly these actions on exactly these resources."""
        self.role.add_to_policy(
            iam.PolicyStatement(actions=list(actions), resources=list(on), conditions=dict(when or {}))
        )
