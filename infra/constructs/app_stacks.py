"""What the stacks of micro apps may contain, whoever asks for them."""

from collections.abc import Sequence

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.constructs.bucket import Bucket
from infra.constructs.http_api import HttpApi

APP_PREFIX = "appguard-app-"
APP_SECRETS = "appguard/apps/"


class AppStacks(Construct):
    """The boundary around every micro app's role, and the role CloudFormation builds app stacks with.

    CloudFormation may create roles only inside the boundary, pass them only to Lambda, and touch
    only what carries a micro app's name. The functions of the platform may create no role at all.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, connectors: HttpApi, apps: HttpApi, artifacts: Bucket
    ) -> None:
        super().__init__(scope, construct_id)
        self._stack = Stack.of(self)
        self.boundary = iam.ManagedPolicy(
            self,
            "Boundary",
            managed_policy_name="appguard-app-boundary",
            description="The most any micro app may do: call connectors, read app secrets, write its logs",
            statements=[
                _allow(["execute-api:Invoke"], [connectors.invocation_arn("POST", "/connectors/*")]),
                _allow(["secretsmanager:GetSecretValue"], [self.secrets]),
                _allow(["logs:CreateLogStream", "logs:PutLogEvents"], [f"{self.log_groups}:*"]),
            ],
        )
        self.boundary_arn = self.boundary.managed_policy_arn
        self.role = iam.Role(
            self,
            "Role",
            role_name="appguard-provisioning",
            description="CloudFormation's role for the stacks of micro apps",
            assumed_by=iam.ServicePrincipal("cloudformation.amazonaws.com"),
        )
        for statement in self._statements(apps, artifacts):
            self.role.add_to_policy(statement)

    @property
    def stacks(self) -> str:
        """The stacks of micro apps."""
        return self._arn("cloudformation", f"stack/{APP_PREFIX}*/*")

    @property
    def roles(self) -> str:
        """The roles of micro apps."""
        return f"arn:{self._stack.partition}:iam::{self._stack.account}:role/{APP_PREFIX}*"

    @property
    def functions(self) -> str:
        """The functions of micro apps."""
        return self._arn("lambda", f"function:{APP_PREFIX}*")

    @property
    def secrets(self) -> str:
        """The secrets of micro apps; Secrets Manager ends ARNs with six random letters."""
        return self._arn("secretsmanager", f"secret:{APP_SECRETS}*")

    @property
    def log_groups(self) -> str:
        """The log groups of micro apps."""
        return self._arn("logs", f"log-group:/aws/lambda/{APP_PREFIX}*")

    def _statements(self, apps: HttpApi, artifacts: Bucket) -> Sequence[iam.PolicyStatement]:
        """What it takes to build, update and remove one app's stack."""
        stack = self._stack
        within = {"StringEquals": {"iam:PermissionsBoundary": self.boundary_arn}}
        to_lambda = {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}
        routes = f"arn:{stack.partition}:apigateway:{stack.region}::/apis/{apps.id}"
        return (
            _allow(
                _actions("iam", "CreateRole PutRolePolicy DeleteRolePolicy PutRolePermissionsBoundary"),
                [self.roles],
                within,
            ),
            _allow(_actions("iam", "GetRole GetRolePolicy DeleteRole TagRole UntagRole"), [self.roles]),
            _allow(["iam:PassRole"], [self.roles], to_lambda),
            _allow(_actions("lambda", LAMBDA), [self.functions]),
            _allow(["lambda:GetLayerVersion"], [self._arn("lambda", "layer:appguard-*")]),
            _allow(_actions("secretsmanager", SECRETS), [self.secrets]),
            _allow(["secretsmanager:GetRandomPassword"], ["*"]),
            _allow(_actions("logs", LOGS), [self.log_groups, f"{self.log_groups}:*"]),
            _allow(["logs:DescribeLogGroups"], [self._arn("logs", "log-group:*")]),
            _allow(_actions("cloudwatch", ALARMS), [self._arn("cloudwatch", f"alarm:{APP_PREFIX}*")]),
            _allow(
                _actions("apigateway", "GET POST PATCH DELETE"),
                [f"{routes}/{part}" for part in ("integrations", "integrations/*", "routes", "routes/*")],
            ),
            _allow(["s3:GetObject"], [artifacts.bucket.arn_for_objects("apps/*")]),
        )

    def _arn(self, service: str, resource: str) -> str:
        stack = self._stack
        return f"arn:{stack.partition}:{service}:{stack.region}:{stack.account}:{resource}"


LAMBDA = """CreateFunction UpdateFunctionCode UpdateFunctionConfiguration DeleteFunction GetFunction
    GetFunctionConfiguration TagResource UntagResource ListTags AddPermission RemovePermission GetPolicy
    PutFunctionConcurrency DeleteFunctionConcurrency"""
SECRETS = "CreateSecret DeleteSecret DescribeSecret UpdateSecret TagResource UntagResource"
LOGS = """CreateLogGroup DeleteLogGroup PutRetentionPolicy DeleteRetentionPolicy TagResource UntagResource
    ListTagsForResource"""
ALARMS = "PutMetricAlarm DeleteAlarms DescribeAlarms TagResource UntagResource ListTagsForResource"


def _actions(service: str, names: str) -> list[str]:
    return [f"{service}:{name}" for name in names.split()]


def _allow(
    actions: list[str], resources: list[str], when: dict[str, dict[str, str]] | None = None
) -> iam.PolicyStatement:
    return iam.PolicyStatement(actions=actions, resources=resources, conditions=when)
