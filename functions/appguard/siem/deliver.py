"""The deployment's destinations, and one run to each."""

from collections.abc import Callable, Mapping
from datetime import datetime

from appguard.audit.reader import in_bucket
from appguard.secrets.provider import provider
from appguard.siem.credentials import BasicLogin, HecToken, credentials
from appguard.siem.delivery import Delivery
from appguard.siem.destination import Destination
from appguard.siem.model import DestinationName, Progress
from appguard.siem.settings import DeliverySettings, LakeSettings, OpenSearchSettings, SplunkSettings
from appguard.siem.store import deliveries


def deliver(name: DestinationName, until: datetime) -> Progress:
    """Bring a destination up to date; its secret is read anew, so that a rotated one is found."""
    import boto3  # noqa: PLC0415 - clients are made where they are used

    ledger = in_bucket(boto3.client("s3"), DeliverySettings.from_env().bucket)
    return Delivery(DESTINATIONS[name](), ledger, deliveries()).run(until)


def _splunk() -> Destination:
    from appguard.siem.destinations.splunk_hec import collector  # noqa: PLC0415 - each function needs one

    settings = SplunkSettings.from_env()
    return collector(settings.url, credentials(provider(), DestinationName.SPLUNK, HecToken))


def _opensearch() -> Destination:
    from appguard.siem.destinations.opensearch import cluster  # noqa: PLC0415 - likewise

    settings = OpenSearchSettings.from_env()
    login = credentials(provider(), DestinationName.OPENSEARCH, BasicLogin)
    return cluster(settings.url, settings.index, login)


def _lake() -> Destination:
    import boto3  # noqa: PLC0415 - as above

    from appguard.siem.destinations.security_lake import SecurityLake  # noqa: PLC0415 - likewise

    settings = LakeSettings.from_env()
    return SecurityLake(boto3.client("s3"), settings.bucket, settings.region, settings.account)


DESTINATIONS: Mapping[DestinationName, Callable[[], Destination]] = {
    DestinationName.SPLUNK: _splunk,
    DestinationName.OPENSEARCH: _opensearch,
    DestinationName.LAKE: _lake,
}
