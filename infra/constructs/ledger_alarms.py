"""Somebody is told when the ledger does not hold, when nobody looked, and when something was set aside."""

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from appguard.audit.self_check import HOLDS, NAMESPACE
from infra.constructs.queue import Queue

BELOW = cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD


class LedgerAlarms(Construct):
    """Three alarms. The ledger is verified every day: 26 hours without a word are an alarm, too."""

    def __init__(self, scope: Construct, construct_id: str, *, inbox: Queue) -> None:
        super().__init__(scope, construct_id)
        cloudwatch.Alarm(
            self,
            "Broken",
            alarm_name="appguard-ledger-broken",
            alarm_description="The ledger does not verify: its last entry `ledger.verified`, or the log of"
            " appguard-audit-verify, names the first bad object",
            metric=_holds("Minimum"),
            threshold=1,
            evaluation_periods=1,
            comparison_operator=BELOW,
            treat_missing_data=cloudwatch.TreatMissingData.IGNORE,
        )
        cloudwatch.Alarm(
            self,
            "Unverified",
            alarm_name="appguard-ledger-unverified",
            alarm_description="Nobody verified the ledger for 26 hours: see the log of appguard-audit-verify",
            metric=_holds("SampleCount"),
            threshold=1,
            evaluation_periods=26,
            comparison_operator=BELOW,
            treat_missing_data=cloudwatch.TreatMissingData.BREACHING,
        )
        inbox.dead_letters.alarm(
            "appguard-ledger-dead-letters",
            "Something can be no entry of the ledger: its entries `ledger.rejected` say what and why,"
            " the dead letters of the ledger's inbox hold the messages",
        )


def _holds(statistic: str) -> cloudwatch.Metric:
    return cloudwatch.Metric(
        namespace=NAMESPACE, metric_name=HOLDS, statistic=statistic, period=Duration.hours(1)
    )
