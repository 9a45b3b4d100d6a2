"""How far the index is behind, for CloudWatch (embedded metric format: a line of the log)."""

from appguard.audit.search.index import Progress

NAMESPACE, NAME = "AppGuard", "SearchLag"


def publish(progress: Progress) -> None:
    """The age of the oldest entry that is signed and not indexed."""
    from aws_lambda_powertools.metrics import MetricUnit, single_metric  # noqa: PLC0415 - with the first run

    with single_metric(name=NAME, unit=MetricUnit.Seconds, value=progress.lag, namespace=NAMESPACE):
        pass
