import pytest

from appguard.apps.catalog import catalog
from appguard.kernel.ids import AppId
from appguard.operations import operations
from tests.unit.portal.world import ANA, MIA, PAT, Browser, leave_request, published, submitted, told

HERE = "/my/leave-request"
LEA = ANA.model_copy(update={"id": "lea@example.com", "email": "lea@example.com", "name": "Lea Roth"})
MAX = ANA.model_copy(update={"id": "max@example.com", "email": "max@example.com", "name": "Max Orr"})
WHY = "I change teams <script>alert(1)</script>"


@pytest.fixture(autouse=True)
def app():
    return published(leave_request())


def offered(to="LEA@example.com"):
    assert Browser.of(ANA).post(f"{HERE}/transfer", to=to, reason=WHY).status == 303


def owner():
    return catalog().get(AppId("leave-request")).owner


def actions():
    return [event["action"] for event in told() if event["action"].startswith(("app.offer", "app.transfer"))]


def test_an_app_changes_hands_when_the_new_owner_accepts_and_not_before():
    offered()
    assert owner() == ANA.id
    lea = Browser.of(LEA)
    page = lea.get(f"{HERE}/offer").body
    assert "&lt;script&gt;alert(1)" in page
    assert "HR database" in page

    assert lea.post(f"{HERE}/offer", answer="accept").status == 400
    assert lea.post(f"{HERE}/offer", answer="accept", confirm="yes").status == 303

    assert owner() == LEA.id
    assert actions() == ["app.offered", "app.transferred"]
    [transferred] = [event for event in told() if event["action"] == "app.transferred"]
    assert transferred["metadata"] == {"from": ANA.id, "to": LEA.id}
    assert Browser.of(ANA).post(f"{HERE}/transfer", to="x@example.com", reason=WHY).status == 403
    assert Browser.of(LEA).get(f"{HERE}/offer").status == 403


def test_an_offer_is_for_one_person_who_may_make_apps():
    offered()
    assert Browser.of(MAX).get(f"{HERE}/offer").status == 403
    assert Browser.of(MAX).post(f"{HERE}/offer", answer="accept", confirm="yes").status == 403
    employee = MIA.model_copy(update={"email": LEA.email})
    assert Browser.of(employee).post(f"{HERE}/offer", answer="accept", confirm="yes").status == 403
    assert owner() == ANA.id


def test_a_new_offer_takes_the_place_of_the_one_before():
    offered()
    offered("max@example.com")
    assert Browser.of(LEA).get(f"{HERE}/offer").status == 403
    assert Browser.of(MAX).get(f"{HERE}/offer").status == 200


@pytest.mark.parametrize("how", ["declined", "withdrawn"])
def test_an_offer_ends_without_a_change(how):
    offered()
    if how == "declined":
        assert Browser.of(LEA).post(f"{HERE}/offer", answer="decline").status == 303
    else:
        assert Browser.of(ANA).post(f"{HERE}/transfer/withdraw").status == 303
    assert Browser.of(LEA).get(f"{HERE}/offer").status == 403
    assert owner() == ANA.id
    [ended] = [event for event in told() if event["action"] == "app.offer_ended"]
    assert ended["metadata"] == {"how": how}


def test_the_platform_team_offers_an_app_whose_owner_has_left():
    assert Browser.of(PAT).post(f"{HERE}/transfer", to="lea@example.com", reason=WHY).status == 303
    assert Browser.of(LEA).post(f"{HERE}/offer", answer="accept", confirm="yes").status == 303
    assert owner() == LEA.id


@pytest.mark.parametrize(
    "to", ["", "lea", "@x", "a@", "a b@example.com", "a@b@c", "a@b\r\nc", "ANA@example.com"]
)
def test_an_app_is_offered_to_somebody_else_by_their_address(to):
    assert Browser.of(ANA).post(f"{HERE}/transfer", to=to, reason=WHY).status == 400
    assert actions() == []


def test_who_approved_the_version_in_use_cannot_own_it(monkeypatch):
    offered()
    monkeypatch.setattr(operations, "_vouched", lambda app, person: person.id == LEA.id)
    answer = Browser.of(LEA).post(f"{HERE}/offer", answer="accept", confirm="yes")
    assert answer.status == 409
    assert "another reviewer approve a new version" in answer.body
    assert owner() == ANA.id


def test_nobody_takes_an_app_over_while_it_is_reviewed():
    offered()

    submitted(catalog().get(AppId("leave-request")))
    answer = Browser.of(LEA).post(f"{HERE}/offer", answer="accept", confirm="yes")
    assert answer.status == 409
    assert "a review of the app is under way" in answer.body
