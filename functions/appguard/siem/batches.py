"""Cuts what the ledger holds into what a destination takes at once."""

import json
from collections.abc import Iterable
from datetime import datetime

from pydantic import ValidationError

from appguard.audit.reader import Entry
from appguard.kernel.event import RetentionClass
from appguard.siem.model import Batch, Limits, Message, Rejection
from appguard.siem.ocsf import ocsf_event

UNREADABLE = "unreadable"


def next_batch(entries: Iterable[Entry], log: RetentionClass, start: int, limits: Limits) -> Batch:
    """As many of `entries`, which begin at `start`, as the limits allow; at least one if there is one.

    The same start and a ledger that grew give the same entries and perhaps more: a repetition covers
    what was sent before.
    """
    messages: list[Message] = []
    unreadable: list[Rejection] = []
    end, size = start, 0
    for entry in entries:
        made = message(entry)
        size += len(made.text) if isinstance(made, Message) else 0
        if end > start and (size > limits.bytes or end - start == limits.entries):
            return Batch(log, start, end, messages, unreadable, full=True)
        if isinstance(made, Message):
            messages.append(made)
        else:
            unreadable.append(made)
        end = entry.index + 1
    return Batch(log, start, end, messages, unreadable, full=end - start == limits.entries)


def message(entry: Entry) -> Message | Rejection:
    """The entry as it is sent; rejected here if it is no event this version can read."""
    try:
        event = entry.event
    except ValidationError:
        return Rejection(entry.index, "", UNREADABLE)
    told = ocsf_event(entry)
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
    return Message(entry.index, event.event_id, event.timestamp, told["class_uid"], event.action, text)


def still_gathers(batch: Batch, limits: Limits, now: datetime) -> bool:
    """Whether more may be waited for before this is worth an object of its own."""
    if batch.full or not batch.messages:
        return False
    return min(one.at for one in batch.messages) > now - limits.gather
