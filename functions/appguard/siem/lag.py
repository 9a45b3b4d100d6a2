"""How far behind a destination is: the age of the oldest entry that has not arrived."""

from collections.abc import Callable
from datetime import datetime

from appguard.audit.reader import Reader
from appguard.audit.waiting import waiting
from appguard.kernel.event import RetentionClass
from appguard.siem.model import Progress

NAMESPACE, NAME, DIMENSION = "AppGuard", "SiemLag", "Destination"


def lags(ledger: Reader, position: Callable[[RetentionClass], int], now: datetime) -> dict[str, float]:
    """Seconds for each log; 0 when everything has arrived."""
    return {log.value: waiting(ledger, log, position(log), now) for log in RetentionClass}


def publish(progress: Progress) -> None:
    """The largest lag of a destination, for CloudWatch (embedded metric format: a line of the log)."""
    from aws_lambda_powertools.metrics import MetricUnit, single_metric  # noqa: PLC0415 - with the first run

    lag = max(progress.lag.values(), default=0.0)
    with single_metric(name=NAME, unit=MetricUnit.Seconds, value=lag, namespace=NAMESPACE) as metric:
        metric.add_dimension(name=DIMENSION, value=progress.destination.value)
