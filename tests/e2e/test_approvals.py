"""People and a version under review, on the deployed whole: reminded by the clock, withdrawn by its owner."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from appguard.approvals.model import approval_id
from appguard.apps.bundle import Bundle
from appguard.kernel.ids import AppId
from infra.local.story.cast import ANA, DORA, ROB, Story
from infra.local.story.chapters import prove, review
from infra.local.story.ground import until
from tests.e2e.test_examples import BY, EXAMPLES, OWNER, in_review, platform, renamed  # noqa: F401 - a fixture

pytestmark = pytest.mark.e2e

APP_ID = AppId("asked-about")


@pytest.fixture(scope="module")
def asked(story: Story, platform) -> Story:  # noqa: F811 - the fixture
    """The example app in front of people; Rob has his mail."""
    apps, reviewing = platform
    mails = len(story.ground.mail_to(ROB))
    told = replace(story, app_id=APP_ID, seen={**story.seen, "mails_before": mails})
    bundle = renamed(Bundle.from_dir(EXAMPLES / "leave-request"), APP_ID)
    apps.create(APP_ID, "Asked about", "", "People operations", OWNER)
    apps.save_draft(APP_ID, bundle, BY)
    reviewing.submit(APP_ID, bundle.digest, BY)
    assert in_review(reviewing, APP_ID) == "needs_approval"
    review.receive(told)
    return told


def actions(story: Story) -> list[str]:
    """What the ledger tells of the app's approvals."""
    return [entry["action"] for entry in prove.entries("--app", story.app_id, "--action", "approval.")]


def test_the_clock_reminds_once_and_escalates_once(asked: Story) -> None:
    mine = approval_id(asked.seen["link"].rsplit("/", 1)[1])  # others may wait on the same platform
    for hours, told in ((1, 0), (49, 1), (49, 0), (97, 1), (150, 0)):
        time = datetime.now(UTC) + timedelta(hours=hours)
        said = asked.ground.invoke("appguard-approvals-reminding-run", {"time": time.isoformat()})
        assert said["told"].count(mine) == told
    until(lambda: "approval.escalated" in actions(asked), "the escalation in the ledger")
    assert sorted(actions(asked)) == ["approval.asked", "approval.escalated", "approval.reminded"]


def test_a_withdrawal_ends_the_run_and_whoever_decides_after_it_is_told(
    asked: Story,
    platform,  # noqa: F811 - the fixture
) -> None:
    review.agree(asked)
    ana, rob = asked.person(ANA), asked.person(ROB)
    path = "/approvals/" + asked.seen["link"].rsplit("/", 1)[1]
    rob.open(asked.seen["link"])
    assert rob.has_form(path)
    ana.open(asked.app_page)
    ana.fill(f"{asked.app_page}/withdraw")
    assert "You withdrew this version." in ana.text

    reply = rob.fill(path, verdict="approve", comment="Too late.")

    assert (reply.status_code, "approval_withdrawn" in rob.text) == (409, True)
    dora = asked.person(DORA)
    dora.open("/approvals")
    assert APP_ID not in str(dora.page)
    _, reviewing = platform
    [ended] = reviewing.of_app(APP_ID)
    assert ended.state == "withdrawn"
    machine = asked.ground.outputs["StateMachineArn"].replace(":stateMachine:", ":execution:")
    run = asked.ground.client("stepfunctions").describe_execution(executionArn=f"{machine}:{ended.execution}")
    assert run["status"] == "ABORTED"
