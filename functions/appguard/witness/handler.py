"""The witness's one entry point, spoken to as C2SP tlog-witness says, by invocation or function URL."""

import base64
from functools import cache
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from appguard.audit.checkpoint import origin_of
from appguard.audit.signing import kms_signer
from appguard.audit.verify import Key
from appguard.kernel.errors import AppGuardError
from appguard.kernel.event import RetentionClass
from appguard.witness import metrics
from appguard.witness.settings import WitnessSettings
from appguard.witness.store import Memory
from appguard.witness.submission import SIZE_TYPE, Answer, Submission
from appguard.witness.witness import Contradiction, OtherSize, Witness

logger = Logger(service="witness")


@logger.inject_lambda_context
def cosign(event: dict[str, Any], _: LambdaContext) -> dict[str, Any]:
    """`add-checkpoint`: cosign a checkpoint that extends what was seen before."""
    body = str(event.get("body", "")).encode()
    answer = answered(base64.b64decode(body) if event.get("isBase64Encoded") else body)
    return {
        "statusCode": int(answer.status),
        "headers": {"Content-Type": answer.content_type},
        "body": answer.body,
    }


def answered(body: bytes) -> Answer:
    """The answer to one submission; every contradiction is counted, and so rings an alarm."""
    try:
        line = _witness().add_checkpoint(Submission.parse(body))
    except OtherSize as error:
        return Answer(HTTPStatus.CONFLICT, f"{error.known}\n", SIZE_TYPE)
    except Contradiction as error:
        metrics.count(metrics.REFUSED)
        logger.exception("refused", extra={"why": error.code})
        return Answer(HTTPStatus(error.status), f"{error.code}: {error.message}\n")
    except AppGuardError as error:
        logger.warning("not cosigned", extra={"why": error.code, "error": error.message})
        return Answer(HTTPStatus(error.status), f"{error.code}: {error.message}\n")
    metrics.count(metrics.COSIGNED)
    return Answer(HTTPStatus.OK, line.decode())


@cache
def _witness() -> Witness:
    import boto3  # noqa: PLC0415 - only on first use

    settings, kms = WitnessSettings.from_env(), boto3.client("kms")
    return Witness(
        settings.witness,
        Memory(boto3.client("dynamodb"), settings.table),
        kms_signer(kms, settings.witness_key_id),
        {origin_of(settings.ledger_origin, log) for log in RetentionClass},
        [Key(kms_signer(kms, settings.ledger_key_id).public_key)],
    )
