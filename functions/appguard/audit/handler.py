"""Entry points of the ledger's functions."""

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from appguard.audit.cosigning import Cosigning, invoked
from appguard.audit.gateway_refusals import Delivery, entries
from appguard.audit.intake import Failures, Intake
from appguard.audit.objects import LedgerObjects
from appguard.audit.outbox import Outbox, outbox
from appguard.audit.relay import Relay, deliveries
from appguard.audit.sequencer import Sequencer
from appguard.audit.settings import (
    CheckSettings,
    CosignSettings,
    RelaySettings,
    SequencerSettings,
    SweepSettings,
)
from appguard.audit.signing import kms_signer
from appguard.audit.store import LedgerStore
from appguard.audit.subject_index import SubjectIndex
from appguard.audit.sweep import requeue
from appguard.kernel.clock import utc_now

if TYPE_CHECKING:
    from appguard.audit.self_check import SelfCheck

logger = Logger(service="audit")


@logger.inject_lambda_context
def relay(event: dict[str, Any], _: LambdaContext) -> Failures:
    """Send new outbox rows to queue and bus."""
    return _failures(_relay().send(list(deliveries(event))))


@logger.inject_lambda_context
def sequence(event: dict[str, Any], _: LambdaContext) -> Failures:
    """Make queued events entries of the ledger."""
    return _failures(_intake().take(event))


@logger.inject_lambda_context
def sweep(_event: dict[str, Any], _: LambdaContext) -> Mapping[str, int]:
    """Queue again what has not become an entry."""
    import boto3  # noqa: PLC0415

    settings = SweepSettings.from_env()
    sqs, dynamodb = boto3.client("sqs"), boto3.client("dynamodb")
    queued = requeue(dynamodb, settings.table, sqs, settings.queue_url, utc_now())
    logger.info("swept", extra={"queued": queued})
    return {"queued": queued}


@logger.inject_lambda_context
def note_refusals(event: dict[str, Any], _: LambdaContext) -> None:
    """Record what the gateway refused by itself."""
    outbox().record(*entries(Delivery.model_validate(event).refused))


@logger.inject_lambda_context
def cosign(_event: dict[str, Any], _: LambdaContext) -> Mapping[str, list[str]]:
    """Ask the witness to cosign the present checkpoints."""
    return {"cosigned": [log.value for log in _cosigning().cosign_all()]}


@logger.inject_lambda_context
def verify(_event: dict[str, Any], _: LambdaContext) -> Mapping[str, bool | None]:
    """Verify the ledger as an auditor would; the metric and an entry say how it ended."""
    return {"holds": _self_check().run()}


def _failures(identifiers: list[str]) -> Failures:
    return {"batchItemFailures": [{"itemIdentifier": one} for one in identifiers]}


@cache
def _relay() -> Relay:
    import boto3  # noqa: PLC0415

    settings = RelaySettings.from_env()
    return Relay(boto3.client("sqs"), settings.queue_url, boto3.client("events"), settings.bus)


@cache
def _intake() -> Intake:
    import boto3  # noqa: PLC0415

    settings = SequencerSettings.from_env()
    dynamodb = boto3.client("dynamodb")
    store = LedgerStore(dynamodb, settings.ledger, settings.table)
    sequencer = Sequencer(
        store,
        SubjectIndex(dynamodb, settings.ledger),
        LedgerObjects(boto3.client("s3"), settings.bucket),
        kms_signer(boto3.client("kms"), settings.key_id),
        settings.origin,
    )
    return Intake(store, Outbox(dynamodb, settings.table), sequencer, logger)


@cache
def _cosigning() -> Cosigning:
    import boto3  # noqa: PLC0415

    settings = CosignSettings.from_env()
    return Cosigning(
        LedgerObjects(boto3.client("s3"), settings.bucket),
        invoked(boto3.client("lambda"), settings.function),
        settings.witness,
        kms_signer(boto3.client("kms"), settings.witness_key_id).public_key,
        Outbox(boto3.client("dynamodb"), settings.table),
    )


@cache
def _self_check() -> "SelfCheck":
    import boto3  # noqa: PLC0415

    from appguard.audit.self_check import SelfCheck  # noqa: PLC0415 - this function alone verifies
    from appguard.audit.verify import Key  # noqa: PLC0415 - likewise

    settings, kms = CheckSettings.from_env(), boto3.client("kms")
    return SelfCheck(
        boto3.client("s3"),
        settings.bucket,
        kms_signer(kms, settings.key_id),
        Key(kms_signer(kms, settings.witness_key_id).public_key, settings.witness),
        Outbox(boto3.client("dynamodb"), settings.table),
    )
