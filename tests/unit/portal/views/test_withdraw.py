from appguard.apps.catalog import catalog
from tests.unit.portal.world import ANA, MIA, ROB, Browser, leave_request, waiting

ADDRESS = "/my/leave-request/withdraw"


def test_the_owner_withdraws_what_waits_and_the_reviewer_reads_so():
    review, locator = waiting(leave_request())
    assert "Withdraw from review" in Browser.of(ANA).get("/my/leave-request").body

    assert Browser.of(ANA).post(ADDRESS, review=review.review_id).status == 303

    page = Browser.of(ANA).get("/my/leave-request").body
    assert "You withdrew this version." in page
    assert "Submit version" in page
    assert catalog().get("leave-request").state == "draft"
    answer = Browser.of(ROB).post(f"/approvals/{locator}", verdict="approve")
    assert (answer.status, "approval_withdrawn" in answer.body) == (409, True)
    assert 'value="approve"' not in answer.body


def test_a_second_click_is_told_that_it_has_ended():
    review, _ = waiting(leave_request())
    for status in (303, 409):
        assert Browser.of(ANA).post(ADDRESS, review=review.review_id).status == status


def test_nobody_else_withdraws_it():
    review, _ = waiting(leave_request())
    builder = MIA.model_copy(update={"groups": frozenset({"requesters"})})
    for person, status in ((ROB, 403), (builder, 404)):
        assert Browser.of(person).post(ADDRESS, review=review.review_id).status == status
    assert catalog().get("leave-request").state == "in_review"
