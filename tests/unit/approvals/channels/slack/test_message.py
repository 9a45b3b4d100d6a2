"""What a request looks like in Slack, and what hostile names cannot do there."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block

from appguard.approvals.channels.slack.message import message, nudge
from appguard.approvals.channels.slack.modal import confirmation
from appguard.approvals.channels.slack.text import escaped
from appguard.approvals.model import Verdict
from appguard.approvals.summary import Capable
from tests.support.slack_server import shown
from tests.support.world import LEAVE, NOW, RISKY, ROB, approve_finding

SHOWN = Path(__file__).with_name("request.txt")
HOSTILE = "<!channel> <@U0ROB> <https://evil.example|portal> *Approved by the CEO* :white_check_mark:"


@pytest.fixture
def summary(world):
    step = world.submitted(LEAVE, RISKY)
    world.gates_say(step, approve_finding())
    return world.summary(world.approvals.ask(step, "token"))


def parts(blocks, kind):
    """Every text of one kind."""
    if isinstance(blocks, dict):
        if blocks.get("type") == kind:
            yield blocks["text"]
        for inner in blocks.values():
            yield from parts(inner, kind)
    if isinstance(blocks, list):
        for inner in blocks:
            yield from parts(inner, kind)


def hostile(summary):
    """The same request by somebody who writes what they should not."""
    return summary.model_copy(
        update={
            "app_name": HOSTILE,
            "purpose": HOSTILE,
            "requester": HOSTILE,
            "reasons": (HOSTILE,),
            "accepts": (HOSTILE,),
            "capabilities": (Capable(text=HOSTILE, new=True),),
        }
    )


def test_a_request_reads_as_the_documentation_shows_it(summary):
    assert shown(message(summary).blocks) + "\n" == SHOWN.read_text()


def test_what_people_wrote_stands_only_where_slack_reads_no_markup(summary):
    said = message(hostile(summary))

    assert not [text for text in parts(said.blocks, "mrkdwn") if "evil.example" in text]
    assert all(
        part["emoji"] is False
        for block in said.blocks
        for part in (block.get("text") or {},)
        if part.get("type") == "plain_text"
    )
    assert "<" not in said.text
    assert "*Approved" not in said.text


def test_a_name_among_our_own_marked_words_is_escaped(world, summary):
    world.approvals.decide(summary.approval_id, ROB, Verdict.REFUSE, "No.")
    ended = world.summary(summary.approval_id).ended
    by = ended.model_copy(update={"sentence": f"Refused by {HOSTILE}"})

    for said in (
        message(hostile(summary).model_copy(update={"ended": by})),
        nudge(hostile(summary), "reminded"),
    ):
        for text in parts(said.blocks, "mrkdwn"):
            assert "<!channel>" not in text
            assert "<@" not in text
            assert "<https" not in text


@given(st.text())
def test_escaped_text_holds_no_control_character_of_slack(text):
    safe = escaped(text)

    assert "<" not in safe
    assert ">" not in safe
    assert safe.count("&") == safe.count("&amp;") + safe.count("&lt;") + safe.count("&gt;")


def test_the_longest_request_fits_slacks_limits(summary):
    endless = summary.model_copy(
        update={
            "app_name": "n" * 998,
            "purpose": "p" * 998,
            "reasons": ("r" * 998,) * 50,
            "capabilities": (Capable(text="c" * 998, new=True),) * 50,
            "accepts": ("a" * 998,) * 40,
        }
    )

    for blocks in (message(endless).blocks, confirmation(endless, Verdict.APPROVE, NOW)["blocks"]):
        assert len(blocks) <= 50
        assert [block.to_dict()["type"] for block in Block.parse_all(blocks)] == [b["type"] for b in blocks]
        assert all(len(text) <= 3000 for text in parts(blocks, "plain_text"))


def test_the_only_address_in_a_message_is_the_portals(summary):
    assert [part for part in json.dumps(message(summary).blocks).split('"') if "://" in part] == [
        summary.link
    ]
    assert summary.link.startswith("https://portal.example.com/approvals/")
