"""Who may press which button; what the buttons do is tested with operations."""

import pytest

from appguard.operations import operations
from appguard.operations.errors import RemovalUnderWay
from tests.unit.portal.world import ADA, ANA, MIA, PAT, ROB, SAM, Browser, leave_request, published

HERE = "/my/leave-request"


@pytest.fixture(autouse=True)
def done(monkeypatch):
    """What was asked of operations, and in which role."""
    published(leave_request())
    asked = []
    for name in ("recertify", "suspend", "retire"):
        monkeypatch.setattr(
            operations, name, lambda app_id, by, name=name: asked.append((name, by.id, by.role.value))
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
    assert press(ANA, "retire", confirm="leave-request") == 303
    assert done == [("retire", ANA.id, "requester")]


@pytest.mark.parametrize(
    ("person", "allowed"),
    [
        (ANA, {"recertify", "suspend", "retire"}),
        (PAT, {"recertify", "suspend", "retire"}),
        (SAM, {"suspend"}),
        (ROB, set()),
        (ADA, set()),
        (MIA, set()),
        (MIA.model_copy(update={"groups": frozenset({"requesters"})}), set()),
    ],
    ids=lambda value: getattr(value, "id", None),
)
def test_each_button_works_for_those_who_may(done, person, allowed):
    forms = {"recertify": {"confirm": "yes"}, "suspend": {}, "retire": {"confirm": "leave-request"}}
    answers = {button: press(person, button, **form) for button, form in forms.items()}
    assert {button for button, status in answers.items() if status == 303} == allowed
    assert {name for name, _, _ in done} == allowed
    assert set(answers.values()) <= {303, 403}


def test_a_removal_that_takes_longer_is_no_failure(monkeypatch):
    def slow(*_):
        raise RemovalUnderWay("still being deleted")

    monkeypatch.setattr(operations, "retire", slow)
    assert press(ANA, "retire", confirm="leave-request") == 303
