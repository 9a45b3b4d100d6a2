"""After all attacks: what witnesses saw in the outbox is sealed in the ledger, every refusal of it."""

import pytest

from appguard.audit.reader import in_bucket
from infra.local.story.cast import ANA
from infra.local.story.ground import until

pytestmark = pytest.mark.e2e

PROFILE = "hr-db/queries/my_profile"


def test_every_refused_attack_is_an_entry_of_the_ledger(lunch, ground, witness, refusals):
    """The tests before it filled `refusals`; its own attack is there when it runs alone."""
    witness.refusal(lunch.ask(ANA, PROFILE), 403, "not_granted")
    ledger = in_bucket(ground.client("s3"), ground.outputs["LedgerBucket"])

    def all_sealed() -> bool:
        return refusals <= {entry.event.event_id for entry in ledger.entries()}

    until(all_sealed, f"the entries of {len(refusals)} refusals", 120)
