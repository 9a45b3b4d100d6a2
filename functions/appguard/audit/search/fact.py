"""What the index knows of an entry: enough to find it; what is shown comes from the ledger."""

import json
from datetime import UTC, datetime, timedelta
from typing import Literal, NamedTuple

from pydantic import AwareDatetime, TypeAdapter, ValidationError

from appguard.audit.reader import Entry
from appguard.audit.search.place import Cursor
from appguard.audit.subject_index import FIELD as SUBJECTS
from appguard.kernel.event import AuditEvent

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
_moment = TypeAdapter(AwareDatetime)
Per = Literal["resource", "actor"]
"""Of what a question wants the newest fact each."""


class Fact(NamedTuple):
    """One row of the index; the fields are its columns. Times are microseconds since 1970."""

    micros: int
    log: str
    number: int
    actor: str
    action: str
    kind: str
    resource: str
    result: str
    app: str
    classes: str
    until: int
    text: str

    @property
    def place(self) -> Cursor:
        """Where it stands among all."""
        return Cursor(self.micros, self.log, self.number)


def fact_of(entry: Entry) -> Fact:
    """The row of an entry."""
    event = entry.event
    return Fact(
        micros=microseconds(event.timestamp),
        log=entry.log.value,
        number=entry.index,
        actor=event.actor.id,
        action=event.action,
        kind=event.resource.type,
        resource=event.resource.id,
        result=event.result.value,
        app=event.app_id or "",
        classes=_classes(event),
        until=_until(event),
        text=text_of(event),
    )


def text_of(event: AuditEvent) -> str:
    """What a search for text looks through, in one case.

    Ids, action, resource and metadata, names and values; the tags of persons are left out, because
    they are looked up with `appguard data who-saw`, which is recorded.
    """
    known = {name: value for name, value in event.metadata.items() if name != SUBJECTS}
    words = (
        event.event_id,
        event.actor.id,
        event.action,
        event.resource.type,
        event.resource.id,
        event.app_id or "",
        event.bundle_digest or "",
        json.dumps(known, ensure_ascii=False) if known else "",
    )
    return "\n".join(words).casefold()


def microseconds(at: datetime) -> int:
    """A moment as the index counts it."""
    return (at - EPOCH) // MICROSECOND


def moment(micros: int) -> datetime:
    """The moment the index counts so."""
    return EPOCH + micros * MICROSECOND


def _classes(event: AuditEvent) -> str:
    """The classes of data an access touched, each between bars: `|internal|special|`."""
    found = event.metadata.get("classes")
    names = [name for name in found if isinstance(name, str)] if isinstance(found, list) else []
    return f"|{'|'.join(names)}|" if names else ""


def _until(event: AuditEvent) -> int:
    """Until when what was granted holds; 0 where nothing was said."""
    try:
        return microseconds(_moment.validate_python(event.metadata.get("expires_at")))
    except ValidationError:
        return 0


def group_of(fact: Fact, per: Per) -> tuple[str, ...]:
    """What `latest` has one of."""
    return (fact.kind, fact.resource) if per == "resource" else (fact.actor,)
