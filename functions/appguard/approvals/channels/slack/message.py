"""A request to decide as a message in Slack: with buttons while somebody may decide, with the end after."""

from typing import Any

from appguard.approvals.channels.sent import Stage
from appguard.approvals.channels.slack.text import (
    BUTTON,
    HEADER,
    Block,
    cut,
    escaped,
    listed,
    marked,
    moment,
    plain,
)
from appguard.approvals.channels.stages import TITLES
from appguard.approvals.model import Verdict
from appguard.approvals.summary import ApprovalSummary
from appguard.kernel.errors import AppGuardError
from appguard.kernel.record import Record

MOST = 12
"""How many lines of a list a message has; the evidence behind its link has all."""

EVIDENCE = "evidence"
"""The action of the button that leads to the portal; pressing it asks nothing of us."""


class Message(Record):
    """Blocks, and the words of a notification, where there is no room for blocks."""

    text: str
    blocks: list[Block]


def message(summary: ApprovalSummary) -> Message:
    """The message about a request as it stands now."""
    return _over(summary) if summary.ended else _open(summary)


def _open(summary: ApprovalSummary) -> Message:
    title = f"Please decide: {summary.app_name}"
    until = f"Risk: *{summary.tier.value}* · decide until {moment(summary.expires_at)}"
    return Message(
        text=escaped(f"{title} ({summary.tier.value} risk)"),
        blocks=[
            {"type": "header", "text": plain(title, HEADER)},
            _section(marked(until)),
            _section(plain("\n".join(filter(None, (summary.asks, summary.source))))),
            _section(plain("Why this risk: " + " ".join(summary.reasons))),
            *_told("What changes:", summary.changes),
            *_told("What it may do once it is approved:", summary.may),
            *_told(f"By approving you accept, for {summary.accepted_days} days:", summary.accepts),
            _section(plain("Needed: " + " · ".join(summary.needed))),
            _version(summary),
            {"type": "actions", "block_id": summary.approval_id, "elements": _buttons(summary)},
        ],
    )


def _over(summary: ApprovalSummary) -> Message:
    end = summary.ended
    assert end is not None, "only what has ended is over"  # noqa: S101
    return Message(
        text=escaped(f"{summary.app_name}: {end.sentence}"),
        blocks=[
            {"type": "header", "text": plain(summary.app_name, HEADER)},
            _section(marked(f"*{escaped(end.sentence)}*" + (f", {moment(end.at)}" if end.at else ""))),
            _section(plain(summary.asks)),
            _version(summary),
            {"type": "actions", "block_id": summary.approval_id, "elements": [_evidence(summary)]},
        ],
    )


def _told(label: str, lines: tuple[str, ...]) -> list[Block]:
    return [_section(plain(f"{label}\n{listed(lines, MOST)}"))] if lines else []


def _section(text: Block) -> Block:
    return {"type": "section", "text": text}


def _version(summary: ApprovalSummary) -> Block:
    return {"type": "context", "elements": [plain(f"Version {summary.bundle_digest}")]}


def _buttons(summary: ApprovalSummary) -> list[Block]:
    return [
        _button(Verdict.APPROVE, "Approve…", summary.approval_id, style="primary"),
        _button(Verdict.REFUSE, "Refuse…", summary.approval_id, style="danger"),
        _evidence(summary),
    ]


def _evidence(summary: ApprovalSummary) -> Block:
    return _button(EVIDENCE, "See all evidence", summary.approval_id, url=summary.link)


def _button(action: str, label: str, value: str, **more: Any) -> Block:
    return {
        "type": "button",
        "action_id": action,
        "text": plain(cut(label, BUTTON)),
        "value": value,
        **more,
    }


def nudge(summary: ApprovalSummary, stage: Stage) -> Message:
    """A word under a message that has not been answered."""
    text = f"{TITLES[stage]}: {escaped(summary.app_name)}. Decide until {moment(summary.expires_at)}."
    return Message(text=text, blocks=[_section(marked(text))])


def refused(problem: AppGuardError) -> Message:
    """Why something was not heard, what to do instead, and the code to ask about."""
    told = refusal_in_words(problem)
    return Message(text=escaped(told), blocks=[_section(plain(told))])


def refusal_in_words(problem: AppGuardError) -> str:
    """Message, advice and code."""
    return f"{problem.message.rstrip('.')}.\n{problem.advice}\n({problem.code})"
