"""The dialogs of a decision in Slack: the confirmation with its comment, and what came of it."""

from datetime import datetime, timedelta
from typing import Any

from pydantic import AwareDatetime, ValidationError

from appguard.approvals.channels.slack.errors import ConfirmationStale
from appguard.approvals.channels.slack.message import MOST, refusal_in_words
from appguard.approvals.channels.slack.text import TITLE, Block, listed, plain
from appguard.approvals.model import MAX_COMMENT, ApprovalId, Verdict
from appguard.approvals.summary import ApprovalSummary
from appguard.kernel.errors import AppGuardError, Invalid
from appguard.kernel.record import Record

CONFIRMED = "confirmed"
"""The dialog whose submission decides."""

COMMENT = "comment"
"""The field of the comment, and the block it stands in."""

FRESH = timedelta(minutes=15)
"""How long a confirmation may lie open: as long as a sign-in counts in the portal."""

AFTER = {
    "approved": "It is being set up now; the requester is told.",
    "refused": "The requester is told why.",
}


class Confirmation(Record):
    """What a dialog asks to be confirmed. Slack gives it back unchanged, and signs what it gives."""

    approval_id: ApprovalId
    verdict: Verdict
    shown_at: AwareDatetime

    @classmethod
    def read(cls, text: str, now: datetime) -> "Confirmation":
        """The confirmation of a submitted dialog; raises `Invalid` or `ConfirmationStale`."""
        try:
            found = cls.model_validate_json(text)
        except ValidationError:
            raise Invalid("This dialog is not one of ours") from None
        if not now - FRESH <= found.shown_at <= now:
            raise ConfirmationStale("This dialog was open for too long")
        return found


def confirmation(summary: ApprovalSummary, verdict: Verdict, now: datetime) -> Block:
    """What is to be confirmed: which version, what is accepted with it, and why."""
    asked = Confirmation(approval_id=summary.approval_id, verdict=verdict, shown_at=now)
    needed = verdict is Verdict.REFUSE or bool(summary.accepts)
    return _view(
        "Approve this version" if verdict is Verdict.APPROVE else "Refuse this version",
        [
            _section(summary.asks),
            _section(f"It holds for exactly this version: {summary.bundle_digest}"),
            _section(f"It rests on this evidence: {summary.evidence_digest}"),
            _section("Needed: " + " · ".join(summary.needed)),
            *(_accepting(summary) if verdict is Verdict.APPROVE else []),
            _section("Your decision is written into the ledger under your name."),
            _comment(verdict, needed=needed),
        ],
        callback_id=CONFIRMED,
        private_metadata=asked.model_dump_json(),
        submit=plain(verdict.value.capitalize()),
        close=plain("Cancel"),
    )


def done(summary: ApprovalSummary) -> Block:
    """What came of it."""
    if summary.ended is None:
        told = "Your approval counts. Still needed: " + " · ".join(summary.needed)
    else:
        told = f"{summary.ended.sentence}. {AFTER.get(summary.ended.how, '')}".strip()
    return _view(summary.app_name, [_section(told)], close=plain("Close"))


def refusal(problem: AppGuardError) -> Block:
    """Why it was not heard, and what to do instead."""
    return _view("Not decided", [_section(refusal_in_words(problem))], close=plain("Close"))


def _accepting(summary: ApprovalSummary) -> list[Block]:
    if not summary.accepts:
        return []
    label = f"By approving you accept, for {summary.accepted_days} days:"
    return [_section(f"{label}\n{listed(summary.accepts, MOST)}")]


def _comment(verdict: Verdict, *, needed: bool) -> Block:
    hint = "Say what must change." if verdict is Verdict.REFUSE else "Say why it is acceptable."
    element = {
        "type": "plain_text_input",
        "action_id": COMMENT,
        "multiline": True,
        "max_length": MAX_COMMENT,
    }
    return {
        "type": "input",
        "block_id": COMMENT,
        "label": plain("Comment"),
        "hint": plain(hint),
        "optional": not needed,
        "element": element,
    }


def _section(text: str) -> Block:
    return {"type": "section", "text": plain(text)}


def _view(title: str, blocks: list[Block], **more: Any) -> Block:
    return {"type": "modal", "title": plain(title, TITLE), "blocks": blocks, **more}
