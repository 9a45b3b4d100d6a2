"""Everything in which the two targets differ, each difference with its reason.

`aws` is the real thing. `local` is the same app on the emulator MiniStack; what its CloudFormation
accepts and then ignores (point-in-time recovery, Object Lock, permissions boundaries …) is not a
difference here: the templates say it, and the local harness puts it in place after the deployment.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from aws_cdk import CliCredentialsStackSynthesizer, DefaultStackSynthesizer, IStackSynthesizer, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_

from appguard.approvals.channels.slack.settings import SLACK
from appguard.packages.settings import PYPI
from infra.bundle import PLATFORMS

Conditions = Mapping[str, Mapping[str, object]]
UNSCOPED_LOCALLY = frozenset(
    {
        "athena:GetQueryExecution",
        "athena:GetQueryResults",
        "athena:StopQueryExecution",
        "ses:SendEmail",
        "states:SendTaskFailure",
        "states:SendTaskSuccess",
    }
)
ASKED_LOCALLY = {"sqs:SendMessage": "sqs:SendMessageBatch"}
UNKNOWN_LOCALLY = frozenset(
    {
        "cloudformation:RoleArn",
        "iam:PermissionsBoundary",
        "kms:MacAlgorithm",
        "kms:SigningAlgorithm",
        "ses:FromAddress",
    }
)


@dataclass(frozen=True)
class Target:
    """How one target is deployed."""

    name: Literal["aws", "local"]

    @property
    def local(self) -> bool:
        """Whether this is the emulator."""
        return self.name == "local"

    def synthesizer(self) -> IStackSynthesizer:
        """Deploy roles of the bootstrap stack; with IAM enforced the emulator cannot assume them."""
        return CliCredentialsStackSynthesizer() if self.local else DefaultStackSynthesizer()

    @property
    def runtime(self) -> lambda_.Runtime:
        """The Python the layers were built for: the emulator runs functions on the host's interpreter."""
        return lambda_.Runtime(f"python{PLATFORMS[self.name].python}", lambda_.RuntimeFamily.PYTHON)

    @property
    def architecture(self) -> lambda_.Architecture:
        """The machine the layers were built for, for the same reason."""
        arm = PLATFORMS[self.name].machine in {"arm64", "aarch64"}
        return lambda_.Architecture.ARM_64 if arm else lambda_.Architecture.X86_64

    @property
    def keeps_data(self) -> bool:
        """State outlives its stack, except locally, where `appguard down` must be able to clear it."""
        return not self.local

    @property
    def removal(self) -> RemovalPolicy:
        """What happens to state when its stack goes."""
        return RemovalPolicy.RETAIN if self.keeps_data else RemovalPolicy.DESTROY

    @property
    def tls_only(self) -> bool:
        """Buckets and queues refuse plain http, except locally: the emulator is plain http on loopback."""
        return not self.local

    @property
    def fetches(self) -> bool:
        """Advisories are fetched every day, except locally: a platform on a laptop downloads nothing."""
        return not self.local

    @property
    def records_access(self) -> bool:
        """CloudTrail notes every access to the ledger's bucket; the emulator has no trails."""
        return not self.local

    def package_index(self, given: str) -> str:
        """The package index that is asked; none locally unless a deployer names one of his own."""
        return "" if self.local and given == PYPI else given

    def slack_api(self, given: str) -> str:
        """Where Slack answers. Another address than Slack's own is for a stand-in on the same machine."""
        return given if self.local else SLACK

    def actions(self, actions: Sequence[str]) -> list[str]:
        """A statement's actions. The emulator asks for the batch form, which IAM does not know, by name."""
        also = [ASKED_LOCALLY[action] for action in actions if self.local and action in ASKED_LOCALLY]
        return [*actions, *also]

    def resources(self, actions: Sequence[str], on: Sequence[str]) -> list[str]:
        """A statement's resources. The emulator cannot tell what some calls are about and asks for a star."""
        return ["*"] if self.local and UNSCOPED_LOCALLY.issuperset(actions) else list(on)

    def conditions(self, when: Conditions) -> Conditions:
        """A statement's conditions. The emulator knows no key of single services: with one, it denies."""
        if not self.local:
            return when
        return {
            operator: rest
            for operator, keys in when.items()
            if (rest := {key: value for key, value in keys.items() if key not in UNKNOWN_LOCALLY})
        }

    def principals_of(self, role: iam.Role) -> list[str]:
        """What `aws:PrincipalArn` says of calls by a role; the emulator says the session's ARN."""
        session = f"arn:{role.stack.partition}:sts::{role.stack.account}:assumed-role/{role.role_name}/*"
        return [role.role_arn, *([session] if self.local else [])]

    def connectors_url(self, api_id: str, api_endpoint: str, aws_endpoint: str | None) -> str:
        """Host names under execute-api do not resolve on a laptop; the emulator serves APIs by path."""
        if self.local:
            return f"{aws_endpoint}/_aws/execute-api/{api_id}/$default"
        return api_endpoint


# Types the emulator's CloudFormation refuses, and with one of them the whole template. The platform
# uses one, the trail, on AWS only, and a test keeps it so: leaving one out must be written down here.
REFUSED_LOCALLY = (
    "AWS::AccessAnalyzer::Analyzer",
    "AWS::Athena::NamedQuery",
    "AWS::Bedrock::Guardrail",
    "AWS::Budgets::Budget",
    "AWS::CE::AnomalyMonitor",
    "AWS::Chatbot::SlackChannelConfiguration",
    "AWS::CloudFormation::GuardHook",
    "AWS::CloudFormation::LambdaHook",
    "AWS::CloudTrail::Trail",
    "AWS::CloudWatch::CompositeAlarm",
    "AWS::Cognito::UserPoolIdentityProvider",
    "AWS::Cognito::UserPoolUser",
    "AWS::Config::ConfigRule",
    "AWS::EC2::EIP",
    "AWS::EC2::FlowLog",
    "AWS::EC2::NatGateway",
    "AWS::EC2::SecurityGroupEgress",
    "AWS::EC2::SecurityGroupIngress",
    "AWS::Events::ApiDestination",
    "AWS::Events::Archive",
    "AWS::Events::Connection",
    "AWS::Events::EventBusPolicy",
    "AWS::GuardDuty::Detector",
    "AWS::IAM::Group",
    "AWS::IAM::OIDCProvider",
    "AWS::Lambda::CodeSigningConfig",
    "AWS::NetworkFirewall::Firewall",
    "AWS::Organizations::Policy",
    "AWS::ResourceGroups::Group",
    "AWS::Route53Resolver::FirewallRuleGroup",
    "AWS::SES::Template",
    "AWS::SecretsManager::ResourcePolicy",
    "AWS::SecretsManager::RotationSchedule",
    "AWS::StepFunctions::StateMachineAlias",
    "AWS::StepFunctions::StateMachineVersion",
    "AWS::Synthetics::Canary",
    "AWS::VerifiedPermissions::PolicyStore",
    "AWS::XRay::Group",
)
