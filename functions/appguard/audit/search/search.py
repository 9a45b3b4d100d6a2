"""Answering: places from the index and from the newest entries, everything shown from the ledger."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from heapq import nlargest
from typing import Protocol

from appguard.audit.reader import Entry, Reader, remembering
from appguard.audit.search.fact import Fact, Per, fact_of, group_of, moment
from appguard.audit.search.filters import Filters, matches, narrowed
from appguard.audit.search.flow import TOLD, Flow, flow, wanted
from appguard.audit.search.model import Answer, Flowing, Hit, Question, Showing, Shown
from appguard.audit.search.place import Cursor
from appguard.audit.search.reading import between, together
from appguard.audit.search.saved import SAVED
from appguard.audit.search.segments import Segment, may_hold, reach
from appguard.audit.search.standing import Standing
from appguard.audit.search.walk import newest
from appguard.audit.verify import Bad, Key, verify_proof
from appguard.kernel.clock import Clock, utc_now
from appguard.kernel.errors import Invalid, NotFound
from appguard.kernel.event import RetentionClass

MAX_DIGITS = 9


class Index(Protocol):
    """Where places are found fast. It may lag behind, and is believed nothing but places."""

    def segments(self, log: RetentionClass) -> list[Segment]:
        """What there is of a log, as `segments.current` gives it."""
        ...

    def newest(
        self, segments: Sequence[Segment], filters: Filters, before: Cursor | None, limit: int
    ) -> list[Cursor]:
        """The newest hits in these segments."""
        ...

    def latest(self, segments: Sequence[Segment], filters: Filters, per: Per) -> list[Fact]:
        """The latest hit of each resource or actor in these segments."""
        ...

    def facts(self, segments: Sequence[Segment], filters: Filters, told: Sequence[str]) -> Iterable[Fact]:
        """Every hit in these segments; with its text where its action is one of `told`."""
        ...


@dataclass(frozen=True)
class Covered:
    """The ledger as it is signed at one moment, and what of it is looked through for an answer."""

    reader: Reader
    """Proves by the present checkpoints: one for all hits, where `show` looks for one a witness saw."""
    segments: list[Segment]
    fresh: Callable[[], Iterable[Fact]]
    """Entries that are not indexed yet, read from the ledger itself."""
    signed: int
    indexed: int
    unread: int


@dataclass(frozen=True)
class Search:
    """A ledger with an index, and the keys that vouch for it.

    Entries that are not indexed yet are read, of each log the `most_fresh` newest at most.
    """

    ledger: Reader
    index: Index
    keys: Sequence[Key]
    most_fresh: int
    clock: Clock = utc_now

    def answer(self, question: Question, time_is_over: Callable[[], bool] = lambda: False) -> Answer:
        """One page of hits; where looking for them takes too long, those found by then."""
        covered = self._covered()
        saved = SAVED[question.saved] if question.saved else None
        if saved and saved.standing:
            return self._standing(covered, question, saved.standing)
        filters = narrowed(saved.filters, question.filters) if saved else question.filters
        before = Cursor.read(question.after) if question.after else None
        stretch = newest(
            [one for one in covered.segments if may_hold(one, filters, before)],
            lambda some: self.index.newest(some, filters, before, question.limit + 1),
            _hits(covered.fresh(), filters, before, question.limit + 1),
            before,
            question.limit + 1,
            time_is_over,
        )
        places, more = stretch.hits[: question.limit], len(stretch.hits) > question.limit
        end = places[-1] if more else stretch.horizon
        back_to = moment(stretch.horizon.micros) if stretch.horizon and not more else None
        return self._page(covered, places, filters, next=end and str(end), looked_back_to=back_to)

    def show(self, asked: Showing) -> Shown:
        """One entry and its proof; raises `NotFound` beyond what is signed."""
        reader = remembering(self.ledger)
        if (entry := reader.entry(asked.log, asked.number)) is None:
            raise NotFound(f"the log {asked.log} has no entry {asked.number}")
        return Shown(hit=self._hit(reader, entry), proof=reader.proof(entry))

    def flow(self, asked: Flowing) -> Flow:
        """How apps flowed: from the index as it is, and from the newest entries; nothing here is proven."""
        covered, facts = self._covered(), set[Fact]()
        newest_ones = list(covered.fresh())
        for filters in wanted(asked.since, asked.until):
            segments = [one for one in covered.segments if may_hold(one, filters, None)]
            facts.update(self.index.facts(segments, filters, TOLD))
            facts.update(fact for fact in newest_ones if matches(filters, fact))
        return flow(facts, asked.since, asked.until, covered.unread)

    def _covered(self) -> Covered:
        reader, segments = Reader(cache(self.ledger.get)), []
        signed = indexed = unread = 0
        stretches: list[tuple[RetentionClass, int, int]] = []
        for log in RetentionClass:
            # In this order: an index read first is never ahead of what is signed.
            found, size = self.index.segments(log), reader.size(log)
            end = min(reach(found), size)
            start = max(end, size - self.most_fresh)
            segments += found
            stretches.append((log, start, size))
            signed, indexed, unread = signed + size, indexed + end, unread + start - end

        def fresh() -> Iterable[Fact]:
            for log, start, size in stretches:
                yield from map(fact_of, between(self.ledger, log, start, size, size))

        return Covered(reader, segments, fresh, signed, indexed, unread)

    def _standing(self, covered: Covered, question: Question, standing: Standing) -> Answer:
        """A page of the entries that tell how things stand; they are few enough to be counted."""
        start = _offset(question.after)
        if question.filters.text:
            raise Invalid("How things stand cannot be searched by text", "Leave the text out.")

        def latest(filters: Filters, per: Per) -> list[Fact]:
            found = {group_of(fact, per): fact for fact in self.index.latest(covered.segments, filters, per)}
            for fact in covered.fresh():
                group = group_of(fact, per)
                if matches(filters, fact) and (group not in found or found[group][:3] < fact[:3]):
                    found[group] = fact._replace(text="")
            return list(found.values())

        facts = [fact for fact in standing(latest, self.clock()) if matches(question.filters, fact)]
        end = start + question.limit
        places = [fact.place for fact in facts[start:end]]
        following = str(end) if end < len(facts) else None
        return self._page(covered, places, question.filters, next=following, total=len(facts))

    def _page(
        self,
        covered: Covered,
        places: Sequence[Cursor],
        filters: Filters,
        *,
        next: str | None,  # noqa: A002 - named as in the answer
        looked_back_to: datetime | None = None,
        total: int | None = None,
    ) -> Answer:
        """What the ledger holds at these places, each proven, without what is no hit after all."""

        def look(place: Cursor) -> Hit | None:
            entry = covered.reader.entry(RetentionClass(place.log), place.number)
            fits = entry is not None and matches(filters, fact_of(entry))
            return self._hit(covered.reader, entry) if entry and fits else None

        hits = [hit for hit in together(look, places) if hit]
        return Answer(
            hits=tuple(hits),
            next=next,
            looked_back_to=looked_back_to,
            total=total,
            signed=covered.signed,
            indexed=covered.indexed,
            unread=covered.unread,
            misfits=len(places) - len(hits),
        )

    def _hit(self, reader: Reader, entry: Entry) -> Hit:
        try:
            verify_proof(reader.proof(entry), self.keys)
        except Bad:
            return Hit(log=entry.log, number=entry.index, body=entry.body.decode(), proven=False)
        return Hit(log=entry.log, number=entry.index, body=entry.body.decode(), proven=True)


def _hits(facts: Iterable[Fact], filters: Filters, before: Cursor | None, limit: int) -> list[Cursor]:
    """The newest hits among these."""
    found = (fact.place for fact in facts if matches(filters, fact))
    return nlargest(limit, (place for place in found if before is None or place < before))


def _offset(after: str | None) -> int:
    """Where a page of a counted list begins."""
    if after is None:
        return 0
    if after.isascii() and after.isdigit() and len(after) <= MAX_DIGITS:
        return int(after)
    raise Invalid("This is not where a page of hits ended", "Begin at the first page.")
