"""The age of the oldest secret of each kind, for CloudWatch (embedded metric format: a line of the log)."""

from collections.abc import Mapping
from datetime import timedelta

from appguard.secrets.policy import SecretKind

NAMESPACE, NAME, DIMENSION = "AppGuard", "OldestSecretAge", "Kind"


def publish(ages: Mapping[SecretKind, timedelta]) -> None:
    """One line for each kind."""
    from aws_lambda_powertools.metrics import MetricUnit, single_metric  # noqa: PLC0415 - the schedule alone

    for kind, age in ages.items():
        with single_metric(
            name=NAME, unit=MetricUnit.Seconds, value=age.total_seconds(), namespace=NAMESPACE
        ) as metric:
            metric.add_dimension(name=DIMENSION, value=kind.value)
