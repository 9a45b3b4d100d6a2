"""Lambda entry points of the gates: one function per gate, each with the dependencies of its own gate."""

from typing import Any

from aws_lambda_powertools import Logger
from pydantic import BaseModel, ConfigDict

from appguard.gates.evidence import look
from appguard.kernel.ids import AppId, BundleDigest, ReviewId
from appguard.provenance.model import Source

logger = Logger(service="gates")
Event = dict[str, Any]


class GateStep(BaseModel):
    """What the state machine gives a gate."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    app_id: AppId
    review_id: ReviewId
    bundle_digest: BundleDigest
    source: Source | None = None


@logger.inject_lambda_context(correlation_id_path="review_id")
def manifest(event: Event, _: Any) -> Event:
    """The manifest is well-formed and names only what exists."""
    return _look("manifest", event)


@logger.inject_lambda_context(correlation_id_path="review_id")
def policy(event: Event, _: Any) -> Event:
    """The Rego rules."""
    return _look("policy", event)


@logger.inject_lambda_context(correlation_id_path="review_id")
def secrets(event: Event, _: Any) -> Event:
    """No secret in the bundle."""
    return _look("secrets", event)


@logger.inject_lambda_context(correlation_id_path="review_id")
def code(event: Event, _: Any) -> Event:
    """What the code of the bundle does, without running it."""
    return _look("code", event)


@logger.inject_lambda_context(correlation_id_path="review_id")
def tests(event: Event, _: Any) -> Event:
    """The app's tests and the manifest's examples hold, in the sandbox."""
    return _look("tests", event)


@logger.inject_lambda_context(correlation_id_path="review_id")
def contracts(event: Event, _: Any) -> Event:
    """What the app sends is what connectors take."""
    return _look("contracts", event)


@logger.inject_lambda_context(correlation_id_path="review_id")
def dependencies(event: Event, _: Any) -> Event:
    """Every dependency is pinned, known and without a known fault."""
    return _look("dependencies", event)


@logger.inject_lambda_context(correlation_id_path="review_id")
def data(event: Event, _: Any) -> Event:
    """Personal data stays where it belongs."""
    return _look("data", event)


def _look(gate: str, event: Event) -> Event:
    step = GateStep.model_validate(event)
    result = look(gate, step.review_id, step.bundle_digest, step.source)
    logger.info("gate finished", gate=gate, blocks=result.blocks, approvals=result.approvals)
    return {"gate": gate, "blocks": result.blocks, "approvals": result.approvals}
