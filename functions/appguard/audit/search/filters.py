"""What can be asked of the ledger; the one definition of what a hit is."""

from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from appguard.audit.search.fact import Fact, microseconds
from appguard.kernel.errors import Invalid
from appguard.kernel.event import Result
from appguard.kernel.ids import AppId
from appguard.kernel.levels import DataClass
from appguard.kernel.record import Record

MOST_ACTIONS = 8


def _words(value: Any) -> Any:
    return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value


def _printable(value: str) -> str:
    if not value.isprintable():
        raise ValueError("control characters find nothing")
    return value


Beginning = Annotated[str, StringConstraints(pattern=r"^[a-z_]+(\.[a-z_]*)?$", max_length=64)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1), AfterValidator(_printable)]


class Filters(Record):
    """Each narrows the search; none lets everything through."""

    app: AppId | None = None
    actor: Annotated[Words, Field(max_length=256)] | None = None
    """Who acted, by the id the identity provider gives."""
    action: Annotated[tuple[Beginning, ...], BeforeValidator(_words), Field(max_length=MOST_ACTIONS)] = ()
    """Actions or their beginnings, such as `data.`; one of them must fit."""
    resource: Annotated[Words, Field(max_length=577)] | None = None
    """A kind (`secret`), an id (`hr-db/my_requests`), or both (`query hr-db/my_requests`)."""
    result: Result | None = None
    data_class: DataClass | None = None
    """The access touched data of this class."""
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None
    """Before this moment."""
    text: Annotated[Words, Field(max_length=100)] | None = None
    """Stands somewhere in ids, action, resource or metadata, in either case."""

    @model_validator(mode="after")
    def _time_runs_forward(self) -> Self:
        if self.since and self.until and self.since >= self.until:
            raise ValueError("since is not before until")
        return self


def narrowed(saved: Filters, more: Filters) -> Filters:
    """Both at once; raises `Invalid` where they say two things about the same."""
    asked, wanted = saved.model_dump(exclude_defaults=True), more.model_dump(exclude_defaults=True)
    if twice := sorted(asked.keys() & wanted):
        raise Invalid(f"The saved query says already what {' and '.join(twice)} is", "Leave it out.")
    return Filters.model_validate(asked | wanted)


def matches(filters: Filters, fact: Fact) -> bool:
    """Whether this is a hit."""
    return (
        filters.app in (None, fact.app)
        and filters.actor in (None, fact.actor)
        and (not filters.action or fact.action.startswith(filters.action))
        and filters.resource in (None, fact.kind, fact.resource, f"{fact.kind} {fact.resource}")
        and filters.result in (None, fact.result)
        and (filters.data_class is None or f"|{filters.data_class}|" in fact.classes)
        and _at_or_after(fact.micros, filters.since)
        and not (filters.until and _at_or_after(fact.micros, filters.until))
        and (filters.text is None or filters.text.casefold() in fact.text)
    )


def _at_or_after(at: int, moment: datetime | None) -> bool:
    return moment is None or at >= microseconds(moment)


def words_of(error: ValidationError) -> str:
    """What is wrong with a question, for people."""
    return "; ".join(
        ".".join(str(part) for part in each["loc"] if part not in ("hits", "filters")) + ": " + each["msg"]
        for each in error.errors(include_url=False, include_input=False, include_context=False)
    )
