"""Entries: each an event in the one form an event may have."""

import re
from array import array
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from .canonical import canonical_or_none, parse, quick

EVENT_ID = re.compile(r"evt-[0-9a-f]{32}")


class NotAnEvent(Exception):
    """An entry that is no event in the one form an event may have; `place` is its number in the bundle."""

    def __init__(self, place: int, reason: object) -> None:
        """Say why."""
        super().__init__(str(reason))
        self.place = place


def read_events(entries: Sequence[bytes]) -> tuple[bytes, "array[float]"]:
    """The ids and times of the events in `entries`; raises `NotAnEvent`."""
    events: list[Any] = []
    ids, times, texts = [], array("d"), []
    try:
        for entry in entries:
            text = entry.decode()
            event = parse(text)
            ids.append(_id(event))
            times.append(_seconds(event))
            texts.append(text)
            events.append(event)
    except (ValueError, TypeError, KeyError, ArithmeticError, RecursionError) as error:
        raise NotAnEvent(len(events), error) from None
    # What each text says is known to be one object, so texts in a row are canonical only if each is.
    if quick(events) != f"[{','.join(texts)}]":
        for place, (event, text) in enumerate(zip(events, texts, strict=True)):
            if canonical_or_none(event) != text:
                raise NotAnEvent(place, "not canonical JSON")
    return b"".join(ids), times


def _id(event: Mapping[str, Any]) -> bytes:
    if not EVENT_ID.fullmatch(event["event_id"]):
        raise ValueError("its id is of another form")
    return bytes.fromhex(event["event_id"][4:])


def _seconds(event: Mapping[str, Any]) -> float:
    moment = datetime.fromisoformat(event["timestamp"])
    if moment.tzinfo is None:
        raise ValueError("its timestamp has no time zone")
    return moment.timestamp()
