"""The entries about one person: by the index where there is one, by reading everything where there is not."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from appguard.audit.reader import Entry, Reader, in_bucket, remembering
from appguard.audit.settings import LedgerReadSettings
from appguard.audit.store import LedgerStore
from appguard.audit.subject_index import SubjectIndex, tags_of
from appguard.kernel.event import AuditEvent


@dataclass(frozen=True)
class Found:
    """An event and, once it is sealed and signed for, its entry."""

    event: AuditEvent
    entry: Entry | None


@dataclass(frozen=True)
class BySubject:
    """A living ledger, searched by tags."""

    index: SubjectIndex
    store: LedgerStore
    reader: Reader

    def find(self, tags: Collection[str], start: datetime | None, end: datetime | None) -> Iterator[Found]:
        """The events that carry one of `tags`, from `start` to before `end`.

        Entries as the ledger holds them; of what is not sealed yet, the outbox's word.
        """
        reader = remembering(self.reader)
        ids = list(dict.fromkeys(event for tag in tags for event in self.index.events(tag, start, end)))
        for row in self.store.rows(ids):
            entry = reader.entry(row.log, row.index) if row.index is not None else None
            yield Found(entry.event if entry else AuditEvent.model_validate_json(row.body), entry)


def in_export(
    reader: Reader, tags: Collection[str], start: datetime | None, end: datetime | None
) -> Iterator[Found]:
    """The same of an exported ledger, which has no index."""
    wanted = set(tags)
    for entry in reader.entries():
        if wanted.isdisjoint(tags_of(entry.body)):
            continue
        event = entry.event
        if (start is None or start <= event.timestamp) and (end is None or event.timestamp < end):
            yield Found(event, entry)


@cache
def by_subject() -> BySubject:
    """The ledger of this deployment."""
    import boto3  # noqa: PLC0415 - only on first use

    settings, dynamodb = LedgerReadSettings.from_env(), boto3.client("dynamodb")
    return BySubject(
        SubjectIndex(dynamodb, settings.ledger),
        LedgerStore(dynamodb, settings.ledger, settings.table),
        in_bucket(boto3.client("s3"), settings.bucket),
    )
