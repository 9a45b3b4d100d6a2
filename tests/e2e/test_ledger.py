"""The ledger on a deployed platform: cosigned, verified by itself, held, and deaf to poison."""

import pytest

from appguard.audit.export import export
from appguard.audit.outbox import Outbox, row
from appguard.audit.reader import in_bucket
from appguard.audit.signing import kms_signer, pem
from appguard.audit.verify import Key, verify_export
from appguard.kernel.actions import Action
from appguard.kernel.clock import utc_now
from appguard.kernel.event import Actor, AuditEvent, Resource, Result
from infra.local.story.ground import Ground, until

pytestmark = pytest.mark.e2e

BY = Actor.system("end-to-end")


def happened() -> AuditEvent:
    return AuditEvent.of(Action.APP_USED, BY, Resource(type="app", id="leave-request"), utc_now())


@pytest.fixture(scope="module")
def ledger(ground: Ground):
    return in_bucket(ground.client("s3"), ground.outputs["LedgerBucket"])


@pytest.fixture(scope="module")
def sealed(ground, ledger) -> AuditEvent:
    """An event that became an entry."""
    event = happened()
    Outbox(ground.client("dynamodb"), ground.outputs["OutboxTable"]).record(event)
    until(lambda: event.event_id in told(ledger), "the entry", 60)
    return event


def told(ledger) -> dict[str, AuditEvent]:
    return {entry.event.event_id: entry.event for entry in ledger.entries()}


def test_the_witness_cosigns_and_the_auditors_verifier_finds_its_word(ground, sealed, tmp_path):
    ground.invoke("appguard-audit-cosign", {})
    s3, kms = ground.client("s3"), ground.client("kms")
    signer = kms_signer(kms, ground.outputs["LedgerKeyArn"])
    witness = Key(kms_signer(kms, "alias/appguard-witness").public_key, "appguard/witness")
    export(s3, ground.outputs["LedgerBucket"], pem(signer.public_key), tmp_path / "export")
    logs = verify_export(tmp_path / "export", [Key(signer.public_key)], witnesses=[witness])
    assert logs["3y"].size > 0


def test_the_platform_verifies_its_ledger_and_says_so_in_it(ground, sealed, ledger):
    assert ground.invoke("appguard-audit-verify", {}) == {"holds": True}

    def found():
        return [event for event in told(ledger).values() if event.action == Action.LEDGER_VERIFIED]

    assert until(found, "the verification's entry", 60)[-1].result is Result.SUCCESS


def test_poison_is_set_aside_named_by_digest_and_holds_up_nobody(ground, sealed, ledger):
    queue, table = ground.outputs["LedgerQueueUrl"], ground.outputs["OutboxTable"]
    hostile = row(happened()) | {"body": {"S": "x" * 200_000}}
    ground.client("dynamodb").put_item(TableName=table, Item=hostile)
    ground.client("sqs").send_message(QueueUrl=queue, MessageBody="no event at all")
    after = happened()
    Outbox(ground.client("dynamodb"), table).record(after)

    def rejected():
        events = told(ledger)
        reasons = {
            event.metadata["reason"]: event.metadata["size"]
            for event in events.values()
            if event.action == Action.LEDGER_REJECTED
        }
        return reasons if len(reasons) == 2 and after.event_id in events else None

    assert until(rejected, "two rejections and an entry", 60) == {"too_large": 200_000, "unreadable": 15}
