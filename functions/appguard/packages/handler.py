"""Lambda entry points of the packages context: the only functions that reach out for packages."""

from typing import Any

from aws_lambda_powertools import Logger
from pydantic import BaseModel, ConfigDict, Field

from appguard.kernel.ids import BundleDigest
from appguard.packages.fetching import fetching
from appguard.packages.requirements import MAX_BYTES

logger = Logger(service="packages")


class Wanted(BaseModel):
    """A bundle under review, or a requirements.txt somebody is still writing."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    bundle_digest: BundleDigest | None = None
    requirements: str | None = Field(default=None, max_length=MAX_BYTES)


@logger.inject_lambda_context
def sync(_event: dict[str, Any], _: Any) -> dict[str, int]:
    """Bring advisories up to date. A failure reaches the dead-letter queue and its alarm."""
    from appguard.packages.sync import daily  # noqa: PLC0415 - its settings are not those of `fetch`

    header = daily().advisories()
    logger.info("packages synced", advisories=header.advisories, as_of=header.as_of.isoformat())
    return {"advisories": header.advisories}


@logger.inject_lambda_context(correlation_id_path="review_id")
def fetch(event: dict[str, Any], _: Any) -> dict[str, Any]:
    """Step `Packages`: ask the index about the packages of a bundle and fetch their wheels."""
    wanted = Wanted.model_validate(event)
    known = fetching().fetch(wanted.requirements, wanted.bundle_digest)
    logger.info(
        "packages resolved", packages=len(known.facts), installed=known.installed, failed=known.failed
    )
    return {"packages": len(known.facts), "installed": known.installed}
