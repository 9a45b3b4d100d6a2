"""Entries for tests of the search, as small as they can be and still differ in everything searched for."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from appguard.audit.canonical import canonical
from appguard.audit.reader import Entry
from appguard.audit.search.fact import Fact, fact_of
from appguard.audit.search.filters import Filters
from appguard.kernel.event import Actor, AuditEvent, Resource, Result, RetentionClass, Role
from appguard.kernel.ids import AppId, EventId
from appguard.kernel.levels import DataClass

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
ACTIONS = ("app.created", "data.read", "data.exported", "approval.decided")
APPS = ("leave-request", "badge")
ACTORS = ("ana", "rob", "Ö'scar")


def event(n: int = 0, action: str = "app.created", **more) -> AuditEvent:
    """Event number `n`; later numbers are later, in seconds."""
    facts = {
        "actor": Actor(id=more.pop("actor", "ana"), role=Role.REQUESTER),
        "resource": Resource(type=more.pop("kind", "app"), id=more.pop("resource", "leave-request")),
        "at": more.pop("at", START + timedelta(seconds=n)),
        "event_id": EventId.of("made", str(n)),
        "app_id": AppId("leave-request"),
    }
    return AuditEvent.of(action, **{**facts, **more})


def entry(made: AuditEvent, number: int = 0) -> Entry:
    """The event as an entry of its log."""
    return Entry(made.retention_class, number, canonical(made))


seconds = st.integers(0, 60).map(lambda n: START + timedelta(seconds=n))


@st.composite
def facts(draw) -> list[Fact]:
    """The rows of a log in no order of time, with many things equal."""
    made = draw(
        st.lists(
            st.builds(
                event,
                st.integers(0, 10**6),
                st.sampled_from(ACTIONS),
                actor=st.sampled_from(ACTORS),
                kind=st.sampled_from(("app", "query")),
                resource=st.sampled_from(("leave-request", "hr-db/Ünknown", "app")),
                at=seconds,
                app_id=st.none() | st.sampled_from(APPS).map(AppId),
                result=st.sampled_from(Result),
                classes=st.lists(st.sampled_from([one.value for one in DataClass]), max_size=2),
            ),
            max_size=12,
        )
    )
    return [fact_of(Entry(RetentionClass.THREE_YEARS, n, canonical(one))) for n, one in enumerate(made)]


filters = st.builds(
    lambda since, until, **more: (
        Filters(since=min(since, until), until=max(since, until), **more)
        if since != until
        else Filters(**more)
    ),
    seconds,
    seconds,
    app=st.none() | st.sampled_from(APPS),
    actor=st.none() | st.sampled_from(ACTORS),
    action=st.lists(st.sampled_from((*ACTIONS, "data.", "app")), max_size=2).map(tuple),
    resource=st.none() | st.sampled_from(("app", "leave-request", "query hr-db/Ünknown", "app app")),
    result=st.none() | st.sampled_from(Result),
    data_class=st.none() | st.sampled_from(DataClass),
    text=st.none() | st.sampled_from(("ünKNOWN", "%", "_", "'", "evt-", "special", "ö'SCAR")),
)
