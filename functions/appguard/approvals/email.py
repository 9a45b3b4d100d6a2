"""The words of our mails: plain text and HTML, everything that people wrote escaped."""

from html import escape

from appguard.approvals.evidence import Evidence
from appguard.kernel.record import Record

TEXT_LIMIT = 998
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
    label, address = link
    said = [_line(paragraph) for paragraph in paragraphs]
    listed = [_line(item) for item in items]
    text = "\n\n".join([*said, *(["\n".join(f"- {item}" for item in listed)] if listed else [])])
    html = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in said)
    if listed:
        html += "<ul>" + "".join(f"<li>{escape(item)}</li>" for item in listed) + "</ul>"
    return Mail(
        to=to,
        subject=_line(subject)[:150],
        text=f"{text}\n\n{label}: {address}\n",
        html=(
            f'<!doctype html><html lang="en"><body style="{STYLE}">{html}'
            f'<p><a style="{BUTTON}" href="{escape(address)}">{escape(label)}</a></p></body></html>'
        ),
    )


def approval_asked(to: str, evidence: Evidence, link: str, days: int) -> Mail:
    """To the reviewers: what is asked, how risky, what it may touch. The link shows; it does not decide."""
    return compose(
        to,
        f"Please decide: {evidence.app_name} ({evidence.tier.value} risk)",
        [
            f"{evidence.requester} asks to publish “{evidence.app_name}”: {evidence.purpose}",
            *_from_git(evidence),
            f"Risk: {evidence.tier.value}. {' '.join(evidence.reasons)}",
            *(evidence.changes.summary if evidence.replaces else ()),
            "What the app may do once it is approved (new things are marked):",
        ],
        [("NEW: " if capability.new else "") + capability.text for capability in evidence.capabilities],
        (f"Look at it and decide within {days} days, signed in as yourself", link),
    )


def _from_git(evidence: Evidence) -> list[str]:
    if (git := evidence.source) is None:
        return []
    return [f"Sent by {git.actor} from {git.ref} of {git.repository}, commit {git.commit[:12]}."]


def _line(text: str) -> str:
    """One line of text: no line breaks to forge headers or paragraphs with, nothing endless."""
    return " ".join(text.split())[:TEXT_LIMIT]
