"""Slack's text objects (https://docs.slack.dev/reference/block-kit/composition-objects/text-object).

What people wrote goes into `plain`, which Slack shows as it stands: it makes no link, mention, emoji or
bold letter of it. `marked` is for our own words and dates; people's names in it are escaped first.
"""

from datetime import datetime
from typing import Any

TEXT, HEADER, BUTTON, TITLE = 3000, 150, 75, 24
"""How much Slack takes: in a section, a header, on a button, as a dialog's title."""

Block = dict[str, Any]
_CONTROL = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_FORMATTING = "*_~`|"


def plain(text: str, limit: int = TEXT) -> Block:
    """Text that is shown as it was written."""
    return {"type": "plain_text", "text": cut(text, limit), "emoji": False}


def marked(text: str) -> Block:
    """Our own words with Slack's markup; `verbatim`, so that no address in it becomes a link by itself."""
    return {"type": "mrkdwn", "text": cut(text, TEXT), "verbatim": True}


def escaped(text: str) -> str:
    r"""`text` within `marked` words, where it can neither mention, link nor format.

    Slack knows no escape for its formatting characters: an invisible word joiner keeps them from pairing.

    >>> escaped("<!channel> & *x*")
    '&lt;!channel&gt; &amp; \u2060*\u2060x\u2060*\u2060'
    """
    safe = "".join(_CONTROL.get(char, char) for char in text)
    return "".join(f"\u2060{char}\u2060" if char in _FORMATTING else char for char in safe)


def moment(at: datetime) -> str:
    """An instant in `marked` words: Slack tells it in the reader's own zone."""
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}} {{time}}|{at:%d %B %Y %H:%M} UTC>"


def cut(text: str, limit: int) -> str:
    """At most `limit` characters; what is cut ends in an ellipsis."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def listed(lines: tuple[str, ...], most: int) -> str:
    """A bulleted list of the first lines, and how many there are besides."""
    rest = [f"… and {len(lines) - most} more; the evidence has them all."] if len(lines) > most else []
    return "\n".join([*(f"• {line}" for line in lines[:most]), *rest])
