"""Somebody is told when a secret was not replaced in time."""

from aws_cdk import Duration
from constructs import Construct

from appguard.secrets.metrics import DIMENSION, NAME, NAMESPACE
from appguard.secrets.policy import secret_policy
from infra.constructs.alarms import Reported, TooOld


class SecretAges(Construct):
    """One alarm for each kind of secret, at the age its policy calls too old.

    The ages are reported every hour. No report for six hours is an alarm, too: then nothing is replaced.
    """

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        for kind, rule in secret_policy().ages.items():
            TooOld(
                self,
                kind.value.title().replace("_", ""),
                name=f"appguard-secret-age-{kind.value.replace('_', '-')}",
                says=f"A {kind.value} was not replaced in {rule.alarm_days} days, or nobody"
                " looked: run `appguard secrets list`, and read the log of appguard-secrets-keep",
                what=Reported(NAMESPACE, NAME, {DIMENSION: kind.value}),
                seconds=rule.alarm_after.total_seconds(),
                within=Duration.hours(6),
                statistic="Maximum",
            )
