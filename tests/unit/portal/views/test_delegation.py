from datetime import timedelta

from appguard.kernel.clock import utc_now
from tests.unit.portal.world import ANA, DORA, ROB, SAM, Browser, leave_request, waiting

TODAY = utc_now().date()
DAYS = {"first_day": str(TODAY), "last_day": str(TODAY + timedelta(days=6))}
RIA = ROB.model_copy(update={"id": "ria@example.com", "email": "ria@example.com"})


def test_a_reviewer_names_a_delegate_sees_it_and_takes_it_back():
    Browser.of(RIA)
    rob = Browser.of(ROB)
    assert rob.post("/delegation", delegate="Ria@Example.com ", **DAYS).status == 303
    assert "ria@example.com is asked instead of you from" in rob.get("/approvals").body

    assert rob.post("/delegation/end").status == 303
    assert "Name my delegate" in rob.get("/approvals").body


def test_the_page_says_for_whom_a_delegate_spoke():
    for person in (RIA, ROB):
        Browser.of(person)
    Browser.of(ROB).post("/delegation", delegate=RIA.email, **DAYS)
    _, locator = waiting(leave_request())
    Browser.of(RIA).post(f"/approvals/{locator}", verdict="approve")

    assert (
        "ria@example.com for rob@example.com approved <time"
        in Browser.of(DORA).get(f"/approvals/{locator}").body
    )


def test_a_mistake_is_told_and_what_was_typed_is_kept():
    Browser.of(DORA)
    rob = Browser.of(ROB)
    for form, words in (
        ({"delegate": DORA.email, **DAYS}, "does not have the same roles"),
        ({"delegate": "<b>who</b>", **DAYS}, "No colleague signs in"),
        ({"delegate": DORA.email, "first_day": "soon", "last_day": ""}, "from which day"),
    ):
        answer = rob.post("/delegation", **form)
        assert (answer.status, words in answer.body) == (400, True)
        assert "<b>who" not in answer.body
    assert 'value="dora@example.com"' in answer.body


def test_those_who_are_asked_nothing_name_nobody():
    assert Browser.of(ANA).post("/delegation", delegate=SAM.email, **DAYS).status == 403
