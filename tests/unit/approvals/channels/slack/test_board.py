import pytest

from appguard.approvals.channels.slack.errors import SlackAway, SlackRefuses
from appguard.approvals.model import Verdict
from appguard.approvals.policy import approval_policy
from tests.support.slack_server import CHANNEL, Fault, shown
from tests.support.world import LEAVE, RISKY, ROB, SAM, approve_finding


def test_a_request_goes_to_the_channel_once_however_often_its_event_comes(office):
    office.ask()
    office.follow()
    office.follow()

    [message] = office.server.messages
    assert message["channel"] == CHANNEL
    assert "[Approve…]  [Refuse…]  [See all evidence]" in shown(message["blocks"])


def test_without_a_channel_each_reviewer_in_slack_is_written_to(office):
    office.channel = ""
    del office.server.people["U0SAM"]

    office.ask()

    assert [message["channel"] for message in office.server.messages] == ["D0ROB"]


def test_a_decision_from_anywhere_takes_the_buttons_away_and_says_who_and_when(office):
    approval = office.ask()
    office.world.clock.pass_(minutes=5)
    office.world.approvals.decide(approval, ROB, Verdict.REFUSE, "No.")
    office.follow()

    [message] = office.server.messages
    text = shown(message["blocks"])
    assert "*Refused by rob@example.com*, <!date^1772366700^{date_short_pretty} {time}|01 March 2026" in text
    assert "[Approve…]" not in text
    assert "[See all evidence]" in text
    assert message["text"] == "Leave request: Refused by rob@example.com"


def test_what_is_shown_already_is_not_sent_again(office):
    approval = office.ask()
    office.world.approvals.decide(approval, ROB, Verdict.REFUSE, "No.")
    for _ in range(3):
        office.follow()

    assert office.server.calls.count("chat.update") == 1


def test_a_request_that_was_decided_before_its_event_came_is_not_posted(office):
    step = office.world.submitted(LEAVE, RISKY)
    office.world.gates_say(step)
    locator = office.world.approvals.ask(step, "token")
    office.world.approvals.decide(locator, ROB, Verdict.APPROVE)

    office.follow()

    assert office.server.messages == []


def test_a_decision_made_while_the_message_was_being_posted_is_seen(office, monkeypatch):
    post = office.api.post

    def decided_meanwhile(*words):
        place = post(*words)
        [waiting] = office.world.approvals.waiting()
        office.world.approvals.decide(waiting.approval_id, ROB, Verdict.APPROVE)
        return place

    monkeypatch.setattr(office.api, "post", decided_meanwhile)
    step = office.world.submitted(LEAVE, RISKY)
    office.world.gates_say(step)
    office.world.approvals.ask(step, "token")
    [event] = office.world.events("approval.asked")
    office.board.follow(event)

    [message] = office.server.messages
    assert "*Approved by rob@example.com*" in shown(message["blocks"])


def test_a_newer_request_for_the_same_review_ends_the_older_message(office):
    step = office.world.submitted(LEAVE, RISKY)
    office.world.gates_say(step)
    office.world.approvals.ask(step, "token")
    office.follow()
    office.world.clock.pass_(minutes=1)
    office.world.approvals.ask(step, "another-token")
    office.follow()

    texts = [shown(message["blocks"]) for message in office.server.messages]
    assert ["[Approve…]" in text for text in texts] == [False, True]
    assert "Replaced by a newer request" in texts[0]


def test_where_slack_asks_to_slow_down_we_wait_and_go_on(office):
    office.server.faults = [Fault.SLOW_DOWN]

    office.ask()

    assert len(office.server.messages) == 1


@pytest.mark.parametrize("fault", [Fault.BROKEN, Fault.RESET])
def test_what_failed_is_posted_when_the_event_comes_again(office, fault):
    office.server.faults = [fault]
    with pytest.raises(SlackAway):
        office.ask()

    office.follow()

    assert len(office.server.messages) == 1


def test_one_destination_that_fails_hinders_no_other_and_is_tried_again(office):
    office.channel = ""
    office.server.faults = [Fault.BROKEN]
    with pytest.raises(SlackAway):
        office.ask()
    assert office.server.messages == []

    office.server.faults = []
    office.follow()
    assert [message["channel"] for message in office.server.messages] == ["D0ROB", "D0SAM"]


def test_a_channel_that_is_not_there_is_a_mistake_of_the_deployment(office):
    office.channel = "C0NOWHERE"

    with pytest.raises(SlackRefuses, match="channel_not_found"):
        office.ask()


def test_a_message_somebody_deleted_is_left_in_peace(office):
    approval = office.ask()
    office.server.messages.clear()
    office.world.approvals.decide(approval, ROB, Verdict.APPROVE)

    for _ in range(2):
        office.follow()

    assert office.server.calls.count("chat.update") == 1


def test_what_is_accepted_by_approving_is_listed(office):
    office.ask(approve_finding())

    assert "By approving you accept, for 180 days:\n• It reads personal data." in shown(
        office.server.messages[0]["blocks"]
    )


def again(office, action):
    [event] = office.world.events("approval.asked")
    office.board.follow(event.model_copy(update={"action": action}))


def test_a_reminder_is_one_word_in_the_thread_and_escalation_another(office):
    office.ask()
    for action in ("approval.reminded", "approval.reminded", "approval.escalated", "approval.reminded"):
        again(office, action)

    first, *more = office.server.messages
    assert [message["thread_ts"] for message in more] == [first["ts"]] * 2
    assert "Still to be decided: Leave request" in shown(more[0]["blocks"])
    assert "Nobody has decided yet: Leave request" in shown(more[1]["blocks"])


def test_who_is_asked_only_by_escalation_gets_the_whole_request(office):
    office.channel = ""
    office.asked = [ROB]
    office.ask()
    office.asked = [ROB, SAM]

    again(office, "approval.escalated")

    [sam] = [message for message in office.server.messages if message["channel"] == "D0SAM"]
    assert "[Approve…]" in shown(sam["blocks"])
    assert len(office.server.messages) == 3


def test_a_voice_that_does_not_decide_yet_is_shown_in_its_seat(office):
    office.world.policy = approval_policy()
    approval = office.ask()
    office.world.approvals.decide(approval, ROB, Verdict.APPROVE)
    office.follow()

    text = shown(office.server.messages[0]["blocks"])
    assert "Needed: Data owner: not yet · Reviewer: rob@example.com" in text
    assert "[Approve…]" in text
