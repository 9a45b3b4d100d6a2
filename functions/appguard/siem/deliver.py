"""One run to one of the deployment's destinations."""

from collections.abc import Callable
from datetime import datetime
from importlib import import_module

from appguard.audit.reader import in_bucket
from appguard.siem.delivery import Delivery
from appguard.siem.destination import Destination
from appguard.siem.model import DestinationName, Progress
from appguard.siem.settings import DeliverySettings
from appguard.siem.store import deliveries


def deliver(name: DestinationName, until: datetime) -> Progress:
    """Bring a destination up to date. Each function's layers hold what its own destination needs, no more."""
    import boto3  # noqa: PLC0415 - clients are made where they are used

    connect: Callable[[], Destination] = import_module(f"appguard.siem.destinations.{name}").destination
    ledger = in_bucket(boto3.client("s3"), DeliverySettings.from_env().bucket)
    return Delivery(name, connect, ledger, deliveries()).run(until)
