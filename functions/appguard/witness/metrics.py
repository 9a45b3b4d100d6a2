"""What the witness's alarms listen to (embedded metric format: a line of the log)."""

NAMESPACE, COSIGNED, REFUSED = "AppGuard", "CheckpointsCosigned", "CheckpointsContradicting"


def count(name: str) -> None:
    """One of these happened."""
    from aws_lambda_powertools.metrics import MetricUnit, single_metric  # noqa: PLC0415 - on first use

    with single_metric(name=name, unit=MetricUnit.Count, value=1, namespace=NAMESPACE):
        pass
