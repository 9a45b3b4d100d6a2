"""What one version of an app can do that another cannot, and the other way round."""

from collections.abc import Iterator
from enum import StrEnum

from appguard.apps.capabilities import ALL_ROWS, Capabilities, Capability, Kind
from appguard.apps.capability_words import told
from appguard.kernel.levels import DataClass
from appguard.kernel.record import Record

LESS_IS_WIDER = frozenset({Kind.RETENTION})
"""Of these a smaller amount takes something away from those who watch."""

TOLD_TOGETHER = frozenset({Kind.CONNECTOR, Kind.QUERY, Kind.COLUMN, Kind.ROWS})
"""Told by subject, so that a query is followed by its columns."""

AT_MOST = 3
"""How many entries a summary spells out."""


class Change(StrEnum):
    """What happened to one capability."""

    ADDED = "added"
    GREW = "grew"
    SHRANK = "shrank"
    REMOVED = "removed"


class Entry(Record):
    """One difference, with both sides of it and a sentence for people."""

    kind: Kind
    change: Change
    subject: str
    data_class: DataClass | None
    sentence: str
    before: Capability | None
    after: Capability | None

    @property
    def widens(self) -> bool:
        """Whether the newer version can do more by it."""
        if self.kind in LESS_IS_WIDER:
            return self.change in {Change.SHRANK, Change.REMOVED}
        return self.change in {Change.ADDED, Change.GREW}

    @property
    def implied(self) -> bool:
        """Whether its query says it already: usual rows come and go with their query."""
        one_sided = self.before is None or self.after is None
        return self.kind is Kind.ROWS and one_sided and (self.after is None or self.after.amount < ALL_ROWS)


class CapabilityDiff(Record):
    """All differences between two versions, the widening ones first."""

    entries: tuple[Entry, ...] = ()

    @property
    def grew(self) -> bool:
        """Whether anything was added or widened."""
        return any(entry.widens for entry in self.entries)

    @property
    def more(self) -> tuple[Entry, ...]:
        """What the newer version can do more, as people are told."""
        return tuple(entry for entry in self.entries if entry.widens and not entry.implied)

    @property
    def less(self) -> tuple[Entry, ...]:
        """What it can do less, as people are told."""
        return tuple(entry for entry in self.entries if not entry.widens and not entry.implied)

    @property
    def summary(self) -> tuple[str, ...]:
        """One or two lines: what is more, what is less."""
        if not self.entries:
            return ("It can do exactly what the version in use can.",)
        return tuple(
            _shortened(label, entries)
            for label, entries in (("More: ", self.more), ("Less: ", self.less))
            if entries
        )


def diff(before: Capabilities, after: Capabilities) -> CapabilityDiff:
    """How `after` differs from `before`."""
    entries = sorted(_entries(before, after), key=_as_told)
    return CapabilityDiff(entries=tuple(entries))


def applied(change: CapabilityDiff, before: Capabilities) -> Capabilities:
    """`before` with the changes made: exactly the capabilities the difference was taken to."""
    result = before.by_key
    for entry in change.entries:
        if entry.before and result.get(entry.before.key) == entry.before:
            del result[entry.before.key]
        if entry.after:
            result[entry.after.key] = entry.after
    return Capabilities.holding(result.values())


def _entries(before: Capabilities, after: Capabilities) -> Iterator[Entry]:
    old, new = before.by_key, after.by_key
    for key in sorted(old.keys() | new.keys()):
        was, now = old.get(key), new.get(key)
        if was == now:
            continue
        if was and now and was.title == now.title:
            yield _entry(_direction(was, now), was, now)
            continue
        # Under another title it is another thing to a person, however it is called inside.
        if was:
            yield _entry(Change.REMOVED, was, None)
        if now:
            yield _entry(Change.ADDED, None, now)


def _direction(was: Capability, now: Capability) -> Change:
    """Grew, unless nothing of it is more: what is more of one and less of the other counts as more."""
    class_before = was.data_class.rank if was.data_class else -1
    class_after = now.data_class.rank if now.data_class else -1
    return Change.SHRANK if now.amount <= was.amount and class_after <= class_before else Change.GREW


def _entry(change: Change, was: Capability | None, now: Capability | None) -> Entry:
    one = now or was
    if one is None:
        raise ValueError("a difference has at least one side")
    return Entry(
        kind=one.kind,
        change=change,
        subject=one.subject,
        data_class=one.data_class,
        sentence=told(was, now),
        before=was,
        after=now,
    )


def _as_told(entry: Entry) -> tuple[bool, int, str, int]:
    order = list(Kind).index(entry.kind)
    group = list(Kind).index(Kind.CONNECTOR) if entry.kind in TOLD_TOGETHER else order
    return not entry.widens, group, entry.subject, order


def _shortened(label: str, entries: tuple[Entry, ...]) -> str:
    sentences = " ".join(entry.sentence for entry in entries[:AT_MOST])
    rest = len(entries) - AT_MOST
    return f"{label}{sentences}{f' And {rest} more.' if rest > 0 else ''}"
