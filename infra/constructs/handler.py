"""A Lambda function of the platform."""

from collections.abc import Mapping, Sequence

from aws_cdk import Duration, Size
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.target import Conditions, Target

FREE_DISK_MB = 512
LOG_RETENTION = logs.RetentionDays.THREE_MONTHS


class Telemetry(Construct):
    """The right to send traces, shared by all functions: X-Ray offers nothing narrower than everything."""

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        self.policy = iam.ManagedPolicy(
            self,
            "Policy",
            description="Send traces to X-Ray",
            statements=[
                iam.PolicyStatement(
                    actions=["xray:PutTraceSegments", "xray:PutTelemetryRecords"], resources=["*"]
                )
            ],
        )


class Handler(Construct):
    """One handler with a role, a log group and a name of its own, traced, and granted nothing else.

    Without `telemetry` its role may do nothing, not even write logs, and can be granted nothing.
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
        disk_mb: int = FREE_DISK_MB,
        telemetry: iam.IManagedPolicy | None,
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
            role=self.role.without_policy_updates(),
            environment={
                "POWERTOOLS_SERVICE_NAME": name.removeprefix("appguard-"),
                # Looking for pydantic plugins reads every package's metadata at each cold start.
                "PYDANTIC_DISABLE_PLUGINS": "1",
                **environment,
            },
            memory_size=memory_mb,
            timeout=Duration.seconds(timeout_seconds),
            ephemeral_storage_size=Size.mebibytes(disk_mb) if disk_mb > FREE_DISK_MB else None,
            tracing=lambda_.Tracing.ACTIVE if telemetry else lambda_.Tracing.DISABLED,
            log_group=log_group,
        )
        # CDK sees no policy on a role it may not change, and so would not wait for it.
        self.function.node.add_dependency(self.role)
        self._target, self._powerless = target, telemetry is None
        if telemetry:
            self.role.add_managed_policy(telemetry)
            self.allow("logs:CreateLogStream", "logs:PutLogEvents", on=[log_group.log_group_arn])

    def allow(self, *actions: str, on: Sequence[str], when: Conditions | None = None) -> None:
        """Let the function do exactly these actions on exactly these resources."""
        if self._powerless:
            raise ValueError(f"{self.node.id} may do nothing")
        self.role.add_to_policy(
            iam.PolicyStatement(
                actions=self._target.actions(actions),
                resources=self._target.resources(actions, on),
                conditions=dict(self._target.conditions(when or {})),
            )
        )
