"""Somebody is told when a secret was not replaced in time."""

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from appguard.secrets.metrics import DIMENSION, NAME, NAMESPACE
from appguard.secrets.policy import secret_policy


class SecretAges(Construct):
    """One alarm for each kind of secret, at the age its policy calls too old.

    The ages are reported every hour. No report for six hours is an alarm, too: then nothing is replaced.
    """

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        for kind, rule in secret_policy().ages.items():
            metric = cloudwatch.Metric(
                namespace=NAMESPACE,
                metric_name=NAME,
                dimensions_map={DIMENSION: kind.value},
                statistic="Maximum",
                period=Duration.hours(6),
            )
            cloudwatch.Alarm(
                self,
                kind.value.title().replace("_", ""),
                alarm_name=f"appguard-secret-age-{kind.value.replace('_', '-')}",
                alarm_description=f"A {kind.value} was not replaced in {rule.alarm_days} days, or nobody"
                " looked: run `appguard secrets list`, and read the log of appguard-secrets-keep",
                metric=metric,
                threshold=rule.alarm_after.total_seconds(),
                evaluation_periods=1,
                comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
                treat_missing_data=cloudwatch.TreatMissingData.BREACHING,
            )
