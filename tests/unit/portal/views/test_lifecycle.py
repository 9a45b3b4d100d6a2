"""Who may press which button; what the buttons do is tested with operations."""

import pytest

from appguard.apps.catalog import catalog
from appguard.apps.lifecycle import Trigger
from appguard.kernel.event import Actor, Role
from appguard.kernel.ids import AppId
from appguard.operations import operations
from appguard.operations.errors import RemovalUnderWay
from appguard.portal.acts import WORDS, Act
from tests.unit.portal.world import ADA, ANA, MIA, PAT, ROB, SAM, Browser, leave_request, published

HERE = "/my/leave-request"
WHY = "Nobody needs it <b>any more</b>."


@pytest.fixture(autouse=True)
def done(monkeypatch):
    """What was asked of operations, and in which role."""
    published(leave_request())
    asked = []
    for name in ("recertify", "suspend", "retire", "lock", "release"):
        monkeypatch.setattr(
            operations, name, lambda app_id, by, note, name=name: asked.append((name, by.id, by.role.value))
        )
    return asked


def press(person, button, **form):
    return Browser.of(person).post(f"{HERE}/{button}", **form).status


def test_the_owner_recertifies_after_confirming(done):
    assert press(ANA, "recertify") == 400
    assert press(ANA, "recertify", confirm="yes") == 303
    assert done == [("recertify", ANA.id, "requester")]


def test_retiring_asks_for_the_name(done):
    assert press(ANA, "retire", confirm="yes") == 400
    assert press(ANA, "retire", confirm="leave-request") == 400
    assert press(ANA, "retire", confirm="leave-request", reason=WHY) == 303
    assert done == [("retire", ANA.id, "requester")]


@pytest.mark.parametrize(
    ("person", "allowed"),
    [
        (ANA, {"recertify", "suspend", "retire"}),
        (PAT, {"recertify", "suspend", "retire"}),
        (SAM, {"suspend", "lock", "release"}),
        (ROB, set()),
        (ADA, set()),
        (MIA, set()),
        (MIA.model_copy(update={"groups": frozenset({"requesters"})}), set()),
    ],
    ids=lambda value: getattr(value, "id", None),
)
def test_each_button_works_for_those_who_may(done, person, allowed):
    confirm = {"recertify": "yes", "retire": "leave-request"}
    answers = {
        button: press(person, button, confirm=confirm.get(button, ""), reason=WHY)
        for button in ("recertify", "suspend", "retire", "lock", "release")
    }
    assert {button for button, status in answers.items() if status == 303} == allowed
    assert {name for name, _, _ in done} == allowed
    assert set(answers.values()) <= {303, 403}


def test_a_removal_that_takes_longer_is_no_failure(monkeypatch):
    def slow(*_):
        raise RemovalUnderWay("still being deleted")

    monkeypatch.setattr(operations, "retire", slow)
    assert press(ANA, "retire", confirm="leave-request", reason=WHY) == 303


@pytest.mark.parametrize("act", ["recertify", "suspend", "transfer", "retire"])
def test_each_button_leads_to_a_page_that_says_what_happens_and_changes_nothing(done, act):
    ana = Browser.of(ANA)
    assert f'href="{HERE}/{act}"' in ana.get(HERE).body
    page = ana.get(f"{HERE}/{act}")
    assert page.status == 200
    assert WORDS[Act(act)].happens[0] in page.body
    assert done == []


def test_the_page_of_what_the_state_forbids_says_so():
    catalog().advance(AppId("leave-request"), Trigger.SUSPENDED, Actor.system("test"))
    page = Browser.of(ANA).get(f"{HERE}/suspend").body
    assert "This is not possible now" in page
    assert "<textarea" not in page


def test_what_was_said_is_on_the_page_for_owners_and_watchers_as_text():
    catalog().advance(AppId("leave-request"), Trigger.SUSPENDED, PAT.acting_as(Role.PLATFORM), note=WHY)
    for person in (ANA, ADA):
        page = Browser.of(person).get(HERE).body
        assert "Nobody needs it &lt;b&gt;any more&lt;/b&gt;." in page
        assert "Paused by pat@example.com" in page


def test_a_locked_app_says_what_that_means():
    catalog().advance(AppId("leave-request"), Trigger.QUARANTINED, SAM.acting_as(Role.SECURITY), note="Odd.")
    page = Browser.of(ANA).get(HERE).body
    assert "Security has locked this app." in page
    assert "“Odd.”" in page
    assert f'href="{HERE}/release"' in Browser.of(SAM).get(HERE).body
    assert f'href="{HERE}/release"' not in page
