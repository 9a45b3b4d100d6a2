import json
from urllib.parse import parse_qs, urlencode

import pytest

from appguard.approvals.channels.slack.errors import NotFromSlack, OtherWorkspace, SlackAway
from appguard.approvals.model import Verdict
from appguard.kernel.errors import Invalid
from tests.support.slack_server import PEOPLE, Fault, member, shown, signed
from tests.support.world import ROB


def whispered(office) -> str:
    [said] = office.server.whispers
    return shown(said["blocks"])


def test_a_reviewer_approves_in_slack(office):
    office.ask()

    view = office.press("U0ROB", "approve")
    assert view["title"]["text"] == "Approve this version"
    said = office.confirm("U0ROB", view)

    [event] = office.world.events("approval.decided")
    assert event.actor.id == "rob@example.com"
    assert [answer["verdict"] for _, answer in office.world.answers.given] == ["approved"]
    assert "Approved by rob@example.com" in shown(said["view"]["blocks"])
    office.follow()
    assert "*Approved by rob@example.com*" in shown(office.server.messages[0]["blocks"])


def test_the_confirmation_shows_the_version_the_evidence_and_what_is_accepted(office, risky):
    summary = office.world.summary(risky)

    text = shown(office.press("U0ROB", "approve")["blocks"])

    assert summary.bundle_digest in text
    assert summary.evidence_digest in text
    assert "By approving you accept, for 180 days:\n• It reads personal data." in text


def test_refusing_needs_a_comment_and_says_so_in_the_dialog(office):
    office.ask()
    view = office.press("U0ROB", "refuse")
    assert view["blocks"][-1]["optional"] is False

    said = office.confirm("U0ROB", view, "  ")
    assert said == {"response_action": "errors", "errors": {"comment": "a refusal needs a comment"}}
    assert office.world.events("approval.decided") == []

    office.confirm("U0ROB", view, "Drop the birth date.")
    assert [answer["comment"] for _, answer in office.world.answers.given] == ["Drop the birth date."]


def test_what_is_accepted_needs_a_reason_too(office, risky):
    view = office.press("U0ROB", "approve")

    said = office.confirm("U0ROB", view, None)

    assert "only a person may accept" in said["errors"]["comment"]


def test_nobody_approves_their_own_app_from_slack_and_the_attempt_is_recorded(office):
    office.ask()

    said = office.confirm("U0ANA", office.press("U0ANA", "approve"))

    text = shown(said["view"]["blocks"])
    assert "(separation_of_duties)" in text
    assert "Ask another reviewer to decide." in text
    [event] = office.world.events("approval.denied")
    assert (event.actor.id, event.metadata["code"]) == ("ana@example.com", "separation_of_duties")


def test_of_two_reviewers_at_once_one_is_heard_and_the_other_is_told(office):
    office.ask()
    first, second = office.press("U0ROB", "approve"), office.press("U0SAM", "refuse")

    office.confirm("U0ROB", first)
    said = office.confirm("U0SAM", second, "No.")

    assert "rob@example.com approved this" in shown(said["view"]["blocks"])
    assert len(office.world.events("approval.decided")) == 1


def test_a_button_of_a_request_that_ended_opens_no_dialog(office):
    office.ask()
    office.confirm("U0ROB", office.press("U0ROB", "approve"))

    assert office.press("U0SAM", "refuse") is None
    assert "Approved by rob@example.com" in whispered(office)
    assert "(already_decided)" in whispered(office)


def test_a_click_sent_twice_by_slack_opens_one_dialog_and_decides_once(office):
    office.ask()
    body = office.server.press("U0ROB", office.server.messages[0], "approve")
    headers = signed(body, at=office.world.clock().timestamp())
    office.desk.answer(body, headers)
    assert office.desk.answer(body, {**headers, "x-slack-retry-num": "1"}) is None
    office.world.clock.pass_(seconds=2)
    assert office.send(body, **{"x-slack-retry-num": "2"}) is None  # signed anew

    assert len(office.server.views) == 1


def test_a_confirmation_sent_twice_by_slack_decides_once_and_is_no_error(office):
    office.ask()
    body = office.server.confirm("U0ROB", office.press("U0ROB", "approve"))
    assert office.send(body)["response_action"] == "update"
    office.world.clock.pass_(seconds=2)

    assert office.send(body) is None
    assert len(office.world.events("approval.decided")) == 1


def test_a_request_replayed_within_the_window_is_refused(office):
    office.ask()
    body = office.server.press("U0ROB", office.server.messages[0], "approve")
    headers = signed(body, at=office.world.clock().timestamp())
    office.desk.answer(body, headers)
    office.world.clock.pass_(minutes=4)

    with pytest.raises(NotFromSlack, match="answered before"):
        office.desk.answer(body, headers)


@pytest.mark.parametrize("minutes", [6, -6])
def test_a_signature_outside_five_minutes_is_refused(office, minutes):
    office.ask()
    body = office.server.press("U0ROB", office.server.messages[0], "approve")
    headers = signed(body, at=office.world.clock().timestamp())
    office.world.clock.pass_(minutes=minutes)

    with pytest.raises(NotFromSlack):
        office.desk.answer(body, headers)
    assert office.server.views == []


@pytest.mark.parametrize(
    "forged",
    [
        {"x-slack-signature": "v0=" + "0" * 64},
        {"x-slack-signature": "é"},
        {"x-slack-signature": ""},
        {"x-slack-request-timestamp": "now"},
        {"x-slack-request-timestamp": "9" * 400},
    ],
    ids=["zeros", "not-ascii", "empty", "no-number", "endless"],
)
def test_a_forged_signature_is_refused(office, forged):
    office.ask()
    body = office.server.press("U0ROB", office.server.messages[0], "approve")

    with pytest.raises(NotFromSlack):
        office.desk.answer(body, {**signed(body, at=office.world.clock().timestamp()), **forged})


def test_without_a_signature_or_with_another_secret_nothing_is_read(office):
    body = "this would not even parse"

    with pytest.raises(NotFromSlack):
        office.desk.answer(body, {})
    with pytest.raises(NotFromSlack):
        office.desk.answer(body, signed(body, "another secret", office.world.clock().timestamp()))


def test_a_body_changed_on_the_way_is_refused(office):
    office.ask()
    body = office.server.press("U0MIA", office.server.messages[0], "approve")
    headers = signed(body, at=office.world.clock().timestamp())

    with pytest.raises(NotFromSlack):
        office.desk.answer(body.replace("U0MIA", "U0ROB"), headers)


def test_another_workspace_is_refused_though_it_signs_well(office):
    office.ask()
    body = office.server.press("U0ROB", office.server.messages[0], "approve", team={"id": "T0OTHER"})

    with pytest.raises(OtherWorkspace):
        office.send(body)


@pytest.mark.parametrize("body", ["", "payload=", "payload=1", "payload={}&payload={}", "x=" + "y" * 200_000])
def test_what_is_no_interaction_is_refused(office, body):
    with pytest.raises(Invalid):
        office.send(body)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"deleted": True}, "slack_not_a_member"),
        ({"is_bot": True}, "slack_not_a_member"),
        ({"is_restricted": True}, "slack_not_a_member"),
        ({"is_ultra_restricted": True}, "slack_not_a_member"),
        ({"is_stranger": True}, "slack_not_a_member"),
        ({"is_invited_user": True}, "slack_not_a_member"),
        ({"is_email_confirmed": False}, "slack_not_a_member"),
        ({"profile": {}}, "slack_not_a_member"),
        ({"profile": {"email": "rob@evil.example"}}, "slack_person_unknown"),
        ({"profile": {"email": "r\u043eb@example.com"}}, "slack_person_unknown"),  # a Cyrillic letter
        ({"team_id": "T0OTHER"}, "slack_other_workspace"),
        ({"id": "U0SAM"}, "slack_not_a_member"),
    ],
    ids=lambda case: json.dumps(case) if isinstance(case, dict) else None,
)
def test_who_is_no_confirmed_member_with_an_address_we_know_is_told_and_recorded(office, facts, code):
    office.ask()
    office.server.people["U0ROB"] = {**member("U0ROB", "rob@example.com"), **facts}

    assert office.press("U0ROB", "approve") is None

    assert f"({code})" in whispered(office)
    [event] = office.world.events("approval.denied")
    assert event.metadata["code"] == code
    assert event.actor.id == "slack:T0LOCAL/U0ROB"


@pytest.mark.parametrize("fact", ["deleted", "is_bot", "is_restricted", "is_email_confirmed", "team_id"])
def test_what_slack_does_not_say_of_a_user_is_not_assumed(office, fact):
    office.ask()
    office.server.people["U0ROB"] = {k: v for k, v in PEOPLE["U0ROB"].items() if k != fact}

    assert office.press("U0ROB", "approve") is None


def test_somebody_of_another_company_in_a_shared_channel_is_refused(office):
    office.ask()
    user = {"id": "U0ROB", "team_id": "T0OTHER"}
    office.send(office.server.press("U0ROB", office.server.messages[0], "approve", user=user))

    assert office.server.views == []
    assert "another workspace" in whispered(office)


def test_a_leaver_who_was_still_in_slack_when_the_dialog_opened_decides_nothing(office):
    office.ask()
    view = office.press("U0ROB", "approve")
    del office.people["rob@example.com"]

    said = office.confirm("U0ROB", view)

    assert "(slack_person_unknown)" in shown(said["view"]["blocks"])
    assert office.world.events("approval.decided") == []


def test_a_dialog_that_was_open_for_too_long_decides_nothing(office):
    office.ask()
    view = office.press("U0ROB", "approve")
    office.world.clock.pass_(minutes=16)

    said = office.confirm("U0ROB", view)

    assert "(confirmation_stale)" in shown(said["view"]["blocks"])
    assert office.world.events("approval.decided") == []


def test_whoever_confirms_decides_not_who_opened_the_dialog(office):
    office.ask()
    view = office.press("U0ROB", "approve")

    said = office.confirm("U0MIA", view)

    assert "(not_a_reviewer)" in shown(said["view"]["blocks"])


@pytest.mark.parametrize("change", [{"callback_id": "other"}, {"private_metadata": "{}"}])
def test_a_dialog_that_is_not_ours_decides_nothing(office, change):
    office.ask()
    view = office.press("U0ROB", "approve")

    said = office.confirm("U0ROB", {**view, **change})

    assert "(invalid)" in shown(said["view"]["blocks"])


def test_the_button_that_leads_to_the_portal_asks_nothing(office):
    office.ask()
    calls = len(office.server.calls)

    office.press("U0MIA", "evidence")

    assert len(office.server.calls) == calls


def test_a_button_with_an_unknown_request_is_told_so(office):
    office.ask()
    message = json.loads(json.dumps(office.server.messages[0]).replace("apr-", "apx-"))
    office.send(office.server.press("U0ROB", message, "approve"))

    assert "leads to no approval" in whispered(office)


def test_while_slack_is_down_the_request_can_still_be_decided_elsewhere(office):
    approval = office.ask()
    office.server.faults = [Fault.BROKEN] * 9
    with pytest.raises(SlackAway):
        office.press("U0ROB", "approve")

    office.world.approvals.decide(approval, ROB, Verdict.APPROVE)
    office.server.faults = []
    office.follow()
    assert "*Approved by" in shown(office.server.messages[0]["blocks"])


def test_more_than_one_payload_in_a_form_is_none(office):
    body = office.server.press("U0ROB", {"blocks": [], "channel": "C", "ts": "1"} | _with_button(), "approve")
    [payload] = parse_qs(body)["payload"]

    with pytest.raises(Invalid):
        office.send(urlencode([("payload", payload), ("payload", payload)]))


def _with_button() -> dict:
    button = {"type": "button", "action_id": "approve", "value": "x"}
    return {"blocks": [{"type": "actions", "elements": [button]}]}
