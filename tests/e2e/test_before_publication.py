"""Until it is published an app reaches made-up rows only, whatever signs; afterwards real ones."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from appguard.apps.bundle import Bundle
from appguard.kernel.ids import AppId
from infra.local.story.cast import ANA, Story
from tests.e2e.caller import Caller
from tests.e2e.micro_apps import role
from tests.e2e.reviewing import approved
from tests.e2e.test_examples import BY, EXAMPLES, OWNER, in_review, platform, renamed  # noqa: F401 - a fixture

pytestmark = pytest.mark.e2e

APP_ID = AppId("planned-leave-made-up")
BALANCE = "hr-db/queries/my_leave_balance"


@pytest.fixture(scope="module")
def draft(story: Story, platform) -> Story:  # noqa: F811 - the fixture
    """An app nobody has submitted yet."""
    apps, _ = platform
    apps.create(APP_ID, "Planned leave", "", "People operations", OWNER)
    apps.save_draft(APP_ID, renamed(Bundle.from_dir(EXAMPLES / "planned-leave"), APP_ID), BY)
    seen = {**story.seen, "mails_before": len(story.ground.mail_to("rob@example.com"))}
    return replace(story, app_id=APP_ID, seen=seen)


@contextmanager
def role_of_the_app(story: Story) -> Iterator[Caller]:
    """The role publication would make, with its rights, made ahead of it by an administrator gone astray."""
    iam, name = story.ground.client("iam"), f"appguard-app-{APP_ID}"
    try:
        yield Caller(story.endpoints, role(story.ground, name))
    finally:
        iam.delete_role_policy(RoleName=name, PolicyName="broker")
        iam.delete_role(RoleName=name)


def real_texts(story: Story) -> set[str]:
    """What the database says of anybody, in words."""
    sql = """SELECT unnest(ARRAY[full_name, email, bank_account]) FROM hr.employee
             UNION SELECT unnest(ARRAY[reason, health_note]) FROM hr.leave_request"""
    return {text for (text,) in story.ground.rows(sql) if text and len(text) > 3}


def test_previews_show_nothing_of_anybody(draft: Story) -> None:
    ana = draft.person(ANA)
    for page in ("plan", "balance"):
        ana.open(f"/my/{APP_ID}/preview/{page}/frame")
        assert "Made-up data" in ana.text
        shown = {text for text in real_texts(draft) if text in ana.text}
        assert shown <= {ANA}  # the app's owner, at its foot


def test_before_publication_even_the_apps_own_role_is_refused_and_afterwards_rows_are_real(
    draft: Story,
    platform,  # noqa: F811 - the fixture
) -> None:
    apps, reviewing = platform
    with role_of_the_app(draft) as caller:
        refused = caller.ask(ANA, BALANCE, year=2026)
        assert (refused.status_code, refused.json()["error"]["code"]) == (403, "not_granted"), refused.text

    reviewing.submit(APP_ID, apps.get(APP_ID).draft, BY)
    assert in_review(reviewing, APP_ID) == "needs_approval"
    approved(draft, "It reads the balance of whoever asks.")

    sql = """SELECT days FROM hr.leave_entitlement JOIN hr.employee USING (employee_id)
             WHERE email = %s AND leave_type = 'annual' AND year = extract(year FROM now())"""
    [(entitled,)] = draft.ground.rows(sql, ANA)
    ana = draft.person(ANA)
    ana.enter(f"/apps/{APP_ID}/pages/balance", ANA)
    shown = [[cell.get_text() for cell in row.select("th, td")] for row in ana.page.select("tbody tr")]
    assert ["annual", str(int(entitled))] in [cells[:2] for cells in shown]
    assert "Made-up data" not in ana.text
