"""The closed list of actions against what the platform really recorded while all other tests ran on it."""

from collections.abc import Mapping

import pytest

from appguard.kernel.actions import Action
from infra.local.story.ground import until
from tests.e2e.recorded import recorded, rows
from tests.e2e.wholeness import not_whole

pytestmark = pytest.mark.e2e

WEEKS = "days or weeks have to pass; unit tests move the clock"
BREAKS = "a step of a review has to break in a way no input brings about; unit tests break it"
CHANGES = "what is known of packages has to change while an app is in use; unit tests change it"
PERSONS = "unit tests cover who may ask, hold, release and forget; here it would spoil other tests' people"
NOT_HERE: Mapping[Action, str] = {
    Action.APP_EXPIRED: WEEKS,
    Action.REVIEW_EXPIRED: WEEKS,
    Action.EXCEPTION_EXPIRED: WEEKS,
    Action.APP_FAILED: BREAKS,
    Action.REVIEW_FAILED: BREAKS,
    Action.APP_VULNERABILITIES_CHANGED: CHANGES,
    Action.ADVISORIES_SYNC_FAILED: CHANGES,
    Action.APP_UNLINKED: "unit tests of submissions; the link of an app here is needed to its end",
    Action.APPROVAL_EXPIRED: WEEKS,
    Action.APP_TRANSFERRED: "unit tests of transfer; one person alone makes apps for good here",
    Action.APPROVAL_CLOSED: "unit tests of approvals: a review has to be withdrawn while people are asked",
    Action.EXCEPTION_REVOKED: "unit tests of exceptions",
    Action.EXCEPTION_DENIED: "unit tests of exceptions: the pages offer nobody what they may not accept",
    Action.POLICY_PUBLISHED: "another policy in force would be in force for all other tests",
    Action.SUBJECTS_CONTINUED: "one access has to show more people than the tests' database holds",
    Action.SUBJECT_FORGETTING_ASKED: PERSONS,
    Action.SUBJECT_HELD: PERSONS,
    Action.SUBJECT_RELEASED: PERSONS,
    Action.LEDGER_WITNESS_REFUSED: "the ledger's key has to sign a second history; unit tests forge one",
    Action.SIEM_REJECTED: "unit tests of delivery: a receiver has to refuse an event for good",
}
"""What no end-to-end test brings about, and why."""


def test_every_action_of_the_list_becomes_an_entry_on_a_deployed_platform(request, ground):
    if why := not_whole(request.session):
        pytest.skip(f"all other end-to-end tests have to run first: {why}")
    waiting = set(rows(ground, "unsealed"))
    until(lambda: waiting.isdisjoint(rows(ground, "unsealed")), "what is recorded is in the ledger", 60)
    assert set(Action) - set(NOT_HERE) - recorded(ground, "entry_index") == set()
