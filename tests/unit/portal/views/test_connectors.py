import pytest

from appguard.access.access import access
from tests.unit.portal.world import (
    ANA,
    DORA,
    MIA,
    PAT,
    ROB,
    Browser,
    leave_request,
    published,
    told,
)

ASK = "/connectors/payroll-db/ask"
WHY = "Payslips for the relocation desk <img src=x onerror=alert(1)>"


def question():
    [asked] = access().waiting()
    return asked


def test_everybody_reads_what_data_there_is_and_who_answers_for_it(portal):
    published(leave_request())
    mia = Browser.of(MIA)
    assert "Payroll" in mia.get("/connectors").body
    page = mia.get("/connectors/hr-db").body
    for words in (
        "hr-data@example.com",
        "Who is away in my team",
        "only the year is shown",
        "Each user gets only rows that are tied to them",
        "From (date); To (date)",
        'href="/my/leave-request"',
    ):
        assert words in page
    assert "SELECT" not in page


@pytest.mark.parametrize("name", ["nothing", "..", "%3Cscript%3E", "a" * 300])
def test_a_connector_that_is_none_is_not_found(portal, name):
    assert Browser.of(MIA).get(f"/connectors/{name}").status == 404


def test_a_data_owner_answers_a_question_and_the_asker_reads_it(portal):
    ana = Browser.of(ANA)
    assert ana.post(ASK, purpose=WHY).status == 303
    assert "You asked on" in ana.get("/connectors/payroll-db").body
    assert ana.post(ASK, purpose=WHY).status == 409
    home = Browser.of(DORA).get("/").body
    assert "Payslips for the relocation desk &lt;img" in home
    assert "<img src=x" not in home

    asked = question()
    assert Browser.of(DORA).post(f"/access/{asked.request_id}", answer="no", words="").status == 400
    said = Browser.of(DORA).post(f"/access/{asked.request_id}", answer="no", words="Ask HR <b>first</b>.")

    assert said.status == 303
    page = ana.get("/connectors/payroll-db").body
    assert "No, said dora@example.com" in page
    assert "Ask HR &lt;b&gt;first&lt;/b&gt;." in page
    assert access().waiting() == []
    events = [each for each in told() if each["action"].startswith("connector.")]
    assert [(each["action"], each["metadata"]["state"]) for each in events] == [
        ("connector.requested", "asked"),
        ("connector.answered", "no"),
    ]
    assert "Payslips" not in str(events)


def test_a_question_is_answered_once_and_may_be_asked_again(portal):
    Browser.of(ANA).post(ASK, purpose=WHY)
    address = f"/access/{question().request_id}"
    assert Browser.of(DORA).post(address, answer="yes", words="Fine.").status == 303
    assert Browser.of(DORA).post(address, answer="no", words="Not fine.").status == 409
    assert Browser.of(ANA).post(ASK, purpose="Something else").status == 303
    assert question().purpose == "Something else"


@pytest.mark.parametrize("person", [ANA, MIA, ROB, PAT], ids=lambda p: p.id)
def test_nobody_but_a_data_owner_answers(portal, person):
    Browser.of(ANA).post(ASK, purpose=WHY)
    assert (
        Browser.of(person).post(f"/access/{question().request_id}", answer="yes", words="Sure").status == 403
    )
    assert question().state == "asked"


def test_a_data_owner_does_not_answer_their_own_question(portal):
    both = DORA.model_copy(update={"groups": DORA.groups | {"requesters"}})
    assert Browser.of(both).post(ASK, purpose=WHY).status == 303
    assert Browser.of(both).post(f"/access/{question().request_id}", answer="yes", words="Sure").status == 403


@pytest.mark.parametrize(
    ("address", "status"), [("acc-0", 404), (f"acc-{'0' * 24}", 404), ("%2e%2e", 404), ("x" * 900, 404)]
)
def test_a_question_that_is_none_is_not_found(portal, address, status):
    assert Browser.of(DORA).post(f"/access/{address}", answer="yes", words="Sure").status == status
