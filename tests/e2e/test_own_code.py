"""An app with code of its own, from the draft to its use: preview, review, function, database."""

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from appguard.apps.bundle import Bundle
from appguard.kernel.ids import AppId
from appguard.reviews.reviews import Reviews
from infra.local.story.cast import ANA, MIA, Story
from infra.local.story.chapters.use import _free_monday as free_monday
from infra.local.story.visitor import Visitor
from tests.e2e.reviewing import approved
from tests.e2e.test_examples import BY, EXAMPLES, OWNER, in_review, platform, renamed  # noqa: F401 - a fixture

pytestmark = pytest.mark.e2e

APP_ID = AppId("planned-leave-lived")
FOLDER: Path = EXAMPLES / "planned-leave"


@pytest.fixture(scope="module")
def lived(story: Story, platform) -> Story:  # noqa: F811 - the fixture
    """The example app, approved by a reviewer and in use."""
    apps, reviewing = platform
    bundle = renamed(Bundle.from_dir(FOLDER), APP_ID)
    apps.create(APP_ID, "Planned leave", "", "People operations", OWNER)
    apps.save_draft(APP_ID, bundle, BY)
    told = replace(story, app_id=APP_ID, seen={**story.seen, "mails_before": len(mails(story))})
    show_the_preview(told)
    reviewing.submit(APP_ID, bundle.digest, BY)
    assert in_review(reviewing, APP_ID) == "needs_approval", reasons(reviewing)
    approved(told, "The code reads what it needs and writes nothing itself.")
    return told


def reasons(reviewing: Reviews) -> str:
    return " ".join(str(review) for review in reviewing.of_app(APP_ID))


def mails(story: Story) -> list[dict]:
    return story.ground.mail_to("rob@example.com")


def show_the_preview(story: Story) -> None:
    """The sandbox function runs the code: the example that is refused, and the one that is sent."""
    ana = story.person(ANA)
    ana.open(f"/my/{APP_ID}/preview/plan/frame?example=1")
    assert "This takes 5 working days, and 2 are left" in ana.text
    ana.open(f"/my/{APP_ID}/preview/plan/frame?example=0")
    assert "2 working days" in ana.text


def in_app(story: Story, email: str, page: str) -> Visitor:
    person = story.person(email)
    person.enter(f"/apps/{APP_ID}/pages/{page}", email)
    return person


def test_the_smoke_test_tells_which_walls_stand_around_the_code(lived: Story) -> None:
    visitor = Visitor(lived.endpoints.portal)
    facts = json.loads(visitor.open(f"/apps/{APP_ID}/healthz").text)
    assert facts["status"] == "ok"
    assert set(facts["walls"]) <= {"network", "files", "calls"}


def test_the_code_counts_the_days_of_the_person_who_asks(lived: Story) -> None:
    ana = in_app(lived, ANA, "plan")
    first = free_monday(lived)
    far = first + timedelta(days=120)
    reply = ana.fill("/pages/plan", first_day=str(first), last_day=str(far), comment="")
    assert reply.status_code == 422, ana.text[:500]
    assert "working days, and" in ana.text


def test_what_the_code_prepared_stands_in_the_database(lived: Story) -> None:
    ana = in_app(lived, ANA, "plan")
    first = free_monday(lived)
    ana.fill("/pages/plan", first_day=str(first), last_day=str(first + timedelta(days=1)), comment="")
    assert "Your request was sent" in ana.text, ana.text[:500]
    sql = """SELECT r.leave_type, r.reason FROM hr.leave_request r
             JOIN hr.employee e USING (employee_id) WHERE e.email = %s AND r.starts_on = %s"""
    [(kind, reason)] = lived.ground.rows(sql, ANA, first)
    assert kind == "annual"
    assert reason.endswith("working days")


def test_a_table_is_asked_for_with_what_the_code_prepared(lived: Story) -> None:
    mia = in_app(lived, MIA, "balance")
    assert "What is left" in mia.text
    assert mia.page.select("tbody tr")


def test_a_day_that_is_no_working_day_is_told_beside_its_field(lived: Story) -> None:
    ana = in_app(lived, ANA, "plan")
    saturday = date.today() + timedelta(days=(5 - date.today().weekday()) % 7 + 14)  # noqa: DTZ011
    reply = ana.fill("/pages/plan", first_day=str(saturday), last_day=str(saturday), comment="")
    assert reply.status_code == 422
    assert "There is no working day in this period" in ana.text
