"""The words of our mails: plain text and HTML, everything that people wrote escaped."""

from collections.abc import Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING

from appguard.approvals.channels.sent import Stage
from appguard.approvals.channels.stages import TITLES
from appguard.kernel.line import one_line
from appguard.kernel.record import Record

if TYPE_CHECKING:
    from appguard.approvals.summary import ApprovalSummary

STYLE = "font:16px/1.55 system-ui,sans-serif;color:#17211d;max-width:40rem"
BUTTON = "display:inline-block;padding:.6rem 1rem;background:#0d5b4a;color:#fff;border-radius:6px"


class Mail(Record):
    """One message to one address."""

    to: str
    subject: str
    text: str
    html: str


def compose(to: str, subject: str, paragraphs: list[str], items: list[str], link: tuple[str, str]) -> Mail:
    """A mail of paragraphs, a list and one link (label, address). All of it is text; nothing is markup."""
    return _letter(to, subject, [*paragraphs, items], link)


def approval_asked(to: str, summary: "ApprovalSummary", stage: Stage = "asked") -> Mail:
    """To a reviewer: what is asked, how risky, what it may touch. The link shows; it does not decide."""
    return _letter(
        to,
        f"{TITLES[stage]}: {summary.app_name} ({summary.tier.value} risk)",
        list(_asked(summary)),
        (f"Look at it and decide until {summary.expires_at:%d %B %Y}, signed in as yourself", summary.link),
    )


def _asked(summary: "ApprovalSummary") -> Iterator[str | Sequence[str]]:
    yield summary.asks
    if summary.source:
        yield summary.source
    yield f"Risk: {summary.tier.value}. {' '.join(summary.reasons)}"
    yield from summary.changes
    yield "What the app may do once it is approved (new things are marked):"
    yield summary.may
    yield "Whose word it takes:"
    yield summary.needed
    if summary.accepts:
        yield f"By approving you accept, for {summary.accepted_days} days:"
        yield summary.accepts


def _letter(to: str, subject: str, body: Sequence[str | Sequence[str]], link: tuple[str, str]) -> Mail:
    """Paragraphs and lists in their order, as text and as HTML, and the link at the end."""
    label, address = link
    parts = [one_line(part) if isinstance(part, str) else [one_line(item) for item in part] for part in body]
    text = "\n\n".join(_as_text(part) for part in parts if part)
    html = "".join(_as_html(part) for part in parts if part)
    return Mail(
        to=to,
        subject=one_line(subject)[:150],
        text=f"{text}\n\n{label}: {address}\n",
        html=(
            f'<!doctype html><html lang="en"><body style="{STYLE}">{html}'
            f'<p><a style="{BUTTON}" href="{escape(address)}">{escape(label)}</a></p></body></html>'
        ),
    )


def _as_text(part: str | list[str]) -> str:
    return part if isinstance(part, str) else "\n".join(f"- {item}" for item in part)


def _as_html(part: str | list[str]) -> str:
    if isinstance(part, str):
        return f"<p>{escape(part)}</p>"
    return "<ul>" + "".join(f"<li>{escape(item)}</li>" for item in part) + "</ul>"
