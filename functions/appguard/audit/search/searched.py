"""That somebody searched is an entry, too: who, and for what kind of thing, never for which words.

What was typed may name a person, and an entry stays for years. So the entry names the filters, and tells
their values only where they are words of ours.
"""

import hmac
from datetime import UTC, datetime

from pydantic import JsonValue

from appguard.audit.search.model import Asking
from appguard.kernel.actions import Action
from appguard.kernel.event import AuditEvent, Resource
from appguard.kernel.ids import EventId

HOUR = "%Y-%m-%dT%H"
CHOSEN = {"result", "data_class", "since", "until"}


def searched(question: Asking, ledger: str, at: datetime, salt: bytes) -> AuditEvent:
    """The same event for every page of a search, and for the same search within an hour.

    `salt`, which is kept nowhere, keeps its id from telling what was searched for to whoever guesses.
    """
    same = question.model_copy(update={"after": None, "limit": 1}).model_dump_json()
    mark = hmac.digest(salt, f"{at.astimezone(UTC):{HOUR}} {same}".encode(), "sha256").hex()
    return AuditEvent.of(
        Action.LEDGER_SEARCHED,
        question.by,
        Resource(type="ledger", id=ledger),
        at,
        event_id=EventId.of(Action.LEDGER_SEARCHED, mark),
        filters=[*sorted(question.filters.model_dump(exclude_defaults=True))],
        asked=_in_our_words(question),
    )


def _in_our_words(question: Asking) -> dict[str, JsonValue]:
    """What was chosen from lists, or is a time. An action is typed, so it must be the beginning of one."""
    filters = question.filters
    actions = [one for one in filters.action if any(action.startswith(one) for action in Action)]
    asked = filters.model_dump(mode="json", exclude_none=True, include=CHOSEN)
    if question.saved:
        asked["saved"] = question.saved.value
    return asked | ({"action": actions} if actions else {})
