"""Lambda entry point of the packages context."""

from typing import Any

from aws_lambda_powertools import Logger

from appguard.audit.outbox import outbox
from appguard.packages.settings import SyncSettings
from appguard.packages.store import PackageStore
from appguard.packages.sync import Sync

logger = Logger(service="packages")


@logger.inject_lambda_context
def sync(_event: dict[str, Any], _: Any) -> dict[str, int]:
    """Bring advisories and facts up to date. A failure reaches the dead-letter queue and its alarm."""
    import boto3  # noqa: PLC0415 - clients are made on first use, not at import

    settings = SyncSettings.from_env()
    store = PackageStore(boto3.client("s3"), settings.bucket)
    run = Sync(store, outbox(), settings.osv_url, settings.index_url)
    header = run.advisories()
    facts = run.facts()
    logger.info("packages synced", facts=facts, advisories=header.advisories, as_of=header.as_of.isoformat())
    return {"advisories": header.advisories, "facts": facts}
