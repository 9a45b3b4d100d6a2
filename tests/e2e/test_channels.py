"""Asked in Slack and Teams, decided in Slack: against servers that speak their protocols."""

from dataclasses import replace

import pytest
import requests

from infra.local.story.cast import ANA, DORA, ROB, Story
from infra.local.story.chapters import build, review
from infra.local.story.ground import until
from tests.support.slack_server import CHANNEL, Slack, shown, signed
from tests.support.teams_server import Teams

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def story(story: Story) -> Story:
    """An app of its own: the story is told later, on the same platform."""
    return replace(story, app_id="asked-in-slack", seen={**story.seen})


@pytest.fixture(scope="module")
def earlier(slack: Slack, teams: Teams) -> tuple[int, int]:
    """How much had come of other apps before."""
    return len(slack.messages), len(teams.taken)


@pytest.fixture(scope="module")
def message(story: Story, slack: Slack, earlier: tuple[int, int]) -> dict:
    """The message about a request of Ana's; those who decide have been in the portal before."""
    for person in (ANA, ROB, DORA):
        story.person(person)
    build.ask(story)
    build.edit(story)
    build.submit(story)
    return until(lambda: asking(slack, earlier[0]), "the message in Slack")[0]


def asking(slack: Slack, after: int) -> list[dict]:
    """Messages with buttons; reminders of other apps may come meanwhile."""
    return [each for each in slack.messages[after:] if "[Approve…]" in shown(each["blocks"])]


@pytest.fixture
def send(endpoints):
    """Send what Slack would send."""

    def post(body: str, **headers: str) -> requests.Response:
        return requests.post(
            f"{endpoints.portal}/slack/interactions",
            data=body,
            headers={**signed(body), **headers},
            timeout=30,
        )

    return post


def test_the_channel_is_asked_once_with_buttons_and_teams_with_a_link(message, slack, teams: Teams, earlier):
    assert message["channel"] == CHANNEL
    assert "[Approve…]  [Refuse…]  [See all evidence]" in shown(message["blocks"])
    until(lambda: teams.taken[earlier[1] :], "the card in Teams")
    assert len(asking(slack, earlier[0])) == 1


@pytest.mark.parametrize(
    "forged",
    [
        {"x-slack-signature": "v0=" + "0" * 64},
        {"x-slack-request-timestamp": "1531420618"},
        {"x-slack-signature": ""},
    ],
    ids=["forged", "old", "none"],
)
def test_what_slack_did_not_sign_just_now_is_refused(message, slack, send, forged):
    reply = send(slack.press("U0ROB", message, "approve"), **forged)

    assert reply.status_code == 401
    assert reply.json()["error"]["code"] == "slack_signature_invalid"
    assert slack.views == []


def test_another_workspace_is_refused(message, slack, send):
    reply = send(slack.press("U0ROB", message, "approve", team={"id": "T0OTHER"}))

    assert (reply.status_code, reply.json()["error"]["code"]) == (403, "slack_other_workspace")


def test_a_guest_is_told_and_decides_nothing(message, slack, send):
    slack.people["U0GUEST"] = {**slack.people["U0ROB"], "id": "U0GUEST", "is_restricted": True}

    assert send(slack.press("U0GUEST", message, "approve")).status_code == 200

    assert "(slack_not_a_member)" in shown(slack.whispers[-1]["blocks"])
    assert slack.views == []


def test_the_requester_is_refused_in_the_dialog(message, slack, send):
    assert send(slack.press("U0ANA", message, "approve")).status_code == 200

    said = send(slack.confirm("U0ANA", slack.views.pop(), "Fine.")).json()

    assert "(separation_of_duties)" in shown(said["view"]["blocks"])


def test_a_reviewers_word_counts_and_is_shown_while_the_data_owners_is_needed(message, slack, send):
    body = slack.press("U0ROB", message, "approve")
    headers = signed(body)
    assert send(body, **headers).status_code == 200
    assert send(body, **headers).status_code == 401, "a replay"
    [view] = slack.views
    said = send(slack.confirm("U0ROB", view, "Replaces the spreadsheet.")).json()

    assert "Your approval counts. Still needed: Data owner: not yet" in shown(said["view"]["blocks"])
    until(lambda: "Reviewer: rob@example.com" in shown(message["blocks"]), "the seat is shown as taken")


def test_the_last_word_decides_and_the_message_says_so_to_everybody(message, slack, send, story):
    assert send(slack.press("U0DORA", message, "approve")).status_code == 200
    send(slack.confirm("U0DORA", slack.views[-1], "The columns are needed."))

    decided = "*Approved by rob@example.com and dora@example.com*"
    until(lambda: decided in shown(message["blocks"]), "the message changed in place")
    assert "[Approve…]" not in shown(message["blocks"])
    review.publish(story)


def test_pressing_a_button_that_somebody_still_sees_is_answered(message, slack, send):
    before = {**message, "blocks": [{"type": "actions", "elements": _buttons(message)}]}

    assert send(slack.press("U0ROB", before, "refuse")).status_code == 200

    assert "(already_decided)" in shown(slack.whispers[-1]["blocks"])


def _buttons(message: dict) -> list[dict]:
    [evidence] = message["blocks"][-1]["elements"]
    return [{**evidence, "action_id": "refuse"}]
