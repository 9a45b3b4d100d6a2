"""What people do by hand with apps and data in use, and that nobody else can."""

from datetime import UTC, datetime, timedelta

import pytest

from infra.local.story.cast import ANA, DORA, MIA, ROB
from infra.local.story.chapters import prove, review
from infra.local.story.ground import until

pytestmark = pytest.mark.e2e
SAM, VIC = "sam@example.com", "vic@example.com"


@pytest.fixture(scope="module")
def page(drafted, raw, submission, story) -> str:
    """A low-risk app of Ana's, in use."""
    where = drafted("abused-in-use", "In use")
    assert raw(ANA).post(f"{where}/submit", data=submission(where)).status_code == 303

    until(lambda: review._state(story, "abused-in-use") == "active", "the app to be published")
    return where


def recorded(action: str) -> bool:
    return bool(prove.entries("--action", action))


def test_security_locks_an_app_and_nobody_else_lets_it_go(page, raw, token, visit):
    reason = {"csrf": token(SAM), "reason": "It answers strangely."}
    assert raw(SAM).post(f"{page}/lock", data=reason).status_code == 303
    visit(ANA).open(page)
    assert "Security has locked this app." in visit(ANA).text
    for person in (ANA, MIA, ROB):
        mine = {"csrf": token(person), "reason": "I want it back.", "confirm": "yes"}
        for way in ("release", "recertify"):
            assert raw(person).post(f"{page}/{way}", data=mine).status_code in {403, 404, 409}, (person, way)
    reason = {"csrf": token(SAM), "reason": "It was a mistake."}
    assert raw(SAM).post(f"{page}/release", data=reason).status_code == 303
    for action in ("app.quarantined", "app.released"):
        until(lambda action=action: recorded(action), f"{action} in the ledger")


def test_an_offer_is_for_the_one_it_was_made_to_and_can_be_taken_back(page, raw, token):
    offer = {"csrf": token(ANA), "to": VIC, "reason": "I change teams."}
    assert raw(ANA).post(f"{page}/transfer", data=offer).status_code == 303
    for person in (MIA, ROB):
        taken = {"csrf": token(person), "answer": "accept", "confirm": "yes"}
        assert raw(person).post(f"{page}/offer", data=taken).status_code in {403, 404}
    assert raw(ANA).post(f"{page}/transfer/withdraw", data={"csrf": token(ANA)}).status_code == 303
    for action in ("app.offered", "app.offer_ended"):
        until(lambda action=action: recorded(action), f"{action} in the ledger")


def test_a_question_about_data_is_answered_by_its_owner_and_nobody_else(raw, token, visit):
    asked = {"csrf": token(ANA), "purpose": "A list of who is away, for the front desk."}
    assert raw(ANA).post("/connectors/hr-db/ask", data=asked).status_code == 303
    dora = visit(DORA)
    dora.open("/")
    [form] = [each for each in dora.page.find_all("form") if each.get("action", "").startswith("/access/")]
    for person in (ANA, MIA, ROB):
        said = {"csrf": token(person), "answer": "yes", "words": "Go on."}
        assert raw(person).post(form["action"], data=said).status_code == 403
    said = {"csrf": token(DORA), "answer": "no", "words": "The team calendar shows that already."}
    assert raw(DORA).post(form["action"], data=said).status_code == 303
    for action in ("connector.requested", "connector.answered"):
        until(lambda action=action: recorded(action), f"{action} in the ledger")


def test_whoever_is_away_names_a_delegate_of_their_role_and_takes_it_back(raw, token, visit):
    visit(SAM)  # is known from now on
    today = datetime.now(UTC).date()
    days = {"first_day": str(today), "last_day": str(today + timedelta(days=1))}
    named = raw(ROB).post("/delegation", data={"csrf": token(ROB), "delegate": SAM, **days})
    assert named.status_code == 303
    assert raw(ROB).post("/delegation/end", data={"csrf": token(ROB)}).status_code == 303
    for action in ("delegation.named", "delegation.revoked"):
        until(lambda action=action: recorded(action), f"{action} in the ledger")
