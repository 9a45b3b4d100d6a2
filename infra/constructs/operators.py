"""Somebody is told when the platform needs a hand."""

from aws_cdk import Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from infra.target import Target

ALARMS = "appguard-*"
"""How alarms are called that may tell operators: the platform's and those of micro apps."""


class Operators(Construct):
    """The topic on which alarms speak, and whoever listens.

    Only alarms of this account with a name of ours can publish. The key is our own because CloudWatch may
    not use the one AWS manages for SNS.
    """

    def __init__(self, scope: Construct, construct_id: str, *, target: Target, email: str | None) -> None:
        super().__init__(scope, construct_id)
        key = kms.Key(
            self,
            "Key",
            alias="alias/appguard-operators",
            description="Encrypts what alarms tell operators",
            enable_key_rotation=True,
            removal_policy=target.removal,
        )
        self.topic = sns.Topic(
            self,
            "Topic",
            topic_name="appguard-operators",
            display_name="AppGuard",
            master_key=key,
            enforce_ssl=target.tls_only,
        )
        key.add_to_resource_policy(self._alarms_may("kms:GenerateDataKey", "kms:Decrypt", on="*"))
        self.topic.add_to_resource_policy(self._alarms_may("sns:Publish", on=self.topic.topic_arn))
        if email:
            self.topic.add_subscription(subscriptions.EmailSubscription(email))

    def hear(self, *stacks: Stack) -> None:
        """Tell them when an alarm of these stacks rings, and when all is well again.

        Whoever makes an alarm need not think of it: one that nobody hears would be none.
        """
        action = actions.SnsAction(self.topic)
        for made in (made for stack in stacks for made in stack.node.find_all()):
            if isinstance(made, cloudwatch.Alarm):
                made.add_alarm_action(action)
                made.add_ok_action(action)

    def _alarms_may(self, *verbs: str, on: str) -> iam.PolicyStatement:
        """A right of our alarms alone; in a key's own policy `*` is that key."""
        stack = Stack.of(self)
        alarms = f"arn:{stack.partition}:cloudwatch:{stack.region}:{stack.account}:alarm:{ALARMS}"
        return iam.PolicyStatement(
            principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
            actions=list(verbs),
            resources=[on],
            conditions={
                "StringEquals": {"aws:SourceAccount": stack.account},
                "ArnLike": {"aws:SourceArn": alarms},
            },
        )
