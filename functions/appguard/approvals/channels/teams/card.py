"""A request as an Adaptive Card (schema 1.5, https://adaptivecards.io/explorer) for Microsoft Teams.

Text blocks and facts read Markdown, text runs do not: what people wrote stands in text runs alone, where
it makes no link, mention or bold letter.
"""

from typing import Any

from appguard.approvals.channels.sent import Stage
from appguard.approvals.channels.stages import TITLES
from appguard.approvals.summary import ApprovalSummary

Element = dict[str, Any]
MOST = 12
"""How many lines of a list a card has; the evidence behind its link has all."""


def card(summary: ApprovalSummary, stage: Stage) -> Element:
    """What is asked, how risky, what it may touch; the one action opens the evidence in the portal."""
    until = f"{{{{DATE({_iso(summary)}, SHORT)}}}} {{{{TIME({_iso(summary)})}}}}"
    return {
        "type": "AdaptiveCard",
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "version": "1.5",
        "fallbackText": f"A request waits for a decision: {summary.link}",
        "body": [
            _words(f"{TITLES[stage]}: {summary.app_name}", size="Large", weight="Bolder"),
            {
                "type": "TextBlock",
                "text": f"Risk: **{summary.tier.value}** · decide until {until}",
                "wrap": True,
            },
            _words(summary.asks),
            *([_words(summary.source)] if summary.source else []),
            _words("Why this risk: " + " ".join(summary.reasons)),
            *_list("What changes", summary.changes),
            *_list("What it may do once it is approved", summary.may),
            *_list(f"By approving you accept, for {summary.accepted_days} days", summary.accepts),
            _words("Needed: " + " · ".join(summary.needed)),
            _words(f"Version {summary.bundle_digest}", size="Small", isSubtle=True),
        ],
        "actions": [{"type": "Action.OpenUrl", "title": "See the evidence and decide", "url": summary.link}],
    }


def message(summary: ApprovalSummary, stage: Stage) -> Element:
    """The card as webhooks take it."""
    attachment = {
        "contentType": "application/vnd.microsoft.card.adaptive",
        "contentUrl": None,
        "content": card(summary, stage),
    }
    return {"type": "message", "attachments": [attachment]}


def _list(label: str, lines: tuple[str, ...]) -> list[Element]:
    if not lines:
        return []
    rest = [f"… and {len(lines) - MOST} more; the evidence has them all."] if len(lines) > MOST else []
    head = _words(f"{label}:", weight="Bolder")
    return [head, *(_words(f"• {line}", spacing="Small") for line in (*lines[:MOST], *rest))]


def _words(text: str, *, spacing: str = "Default", **look: Any) -> Element:
    run = {"type": "TextRun", "text": text, **look}
    return {"type": "RichTextBlock", "inlines": [run], "spacing": spacing}


def _iso(summary: ApprovalSummary) -> str:
    """As cards want it to show it in the reader's zone."""
    return f"{summary.expires_at:%Y-%m-%dT%H:%M:%SZ}"
