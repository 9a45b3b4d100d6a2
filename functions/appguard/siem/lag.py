"""How far behind a destination is: the age of the oldest entry that has not arrived."""

from collections.abc import Callable
from datetime import datetime

from pydantic import ValidationError

from appguard.audit.reader import Reader
from appguard.kernel.event import RetentionClass
from appguard.siem.model import Progress

NAMESPACE, NAME, DIMENSION = "AppGuard", "SiemLag", "Destination"


def lags(ledger: Reader, position: Callable[[RetentionClass], int], now: datetime) -> dict[str, float]:
    """Seconds for each log; 0 when everything has arrived."""
    return {log.value: _lag(ledger, log, position(log), now) for log in RetentionClass}


def _lag(ledger: Reader, log: RetentionClass, position: int, now: datetime) -> float:
    entry = ledger.entry(log, position)
    try:
        return max(0.0, (now - entry.event.timestamp).total_seconds()) if entry else 0.0
    except ValidationError:  # nobody can read it, so the next run rejects it and goes on
        return 0.0


def publish(progress: Progress) -> None:
    """The largest lag of a destination, for CloudWatch (embedded metric format: a line of the log)."""
    from aws_lambda_powertools.metrics import MetricUnit, single_metric  # noqa: PLC0415 - with the first run

    lag = max(progress.lag.values(), default=0.0)
    with single_metric(name=NAME, unit=MetricUnit.Seconds, value=lag, namespace=NAMESPACE) as metric:
        metric.add_dimension(name=DIMENSION, value=progress.destination.value)
