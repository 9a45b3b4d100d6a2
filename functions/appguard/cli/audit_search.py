"""`appguard audit search`: the same questions as the portal's page, live or in an export."""

import csv
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from appguard.audit.search.asking import find
from appguard.audit.search.filters import Filters, words_of
from appguard.audit.search.model import MOST, Answer, Hit, Question
from appguard.audit.search.saved import SavedName
from appguard.audit.verify import KEY_FILE
from appguard.cli.ledger_access import Access, failed, told
from appguard.kernel.errors import Invalid, NotFound
from appguard.kernel.event import Actor, Result, Role
from appguard.kernel.levels import DataClass

UNPROVEN = 1


class Form(StrEnum):
    """How hits are printed."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"


def search(
    app_id: Annotated[str | None, typer.Option("--app", help="The app's id.")] = None,
    actor: Annotated[str | None, typer.Option(help="The actor's id.")] = None,
    action: Annotated[
        list[str] | None, typer.Option(help="An action or its beginning, e.g. data.; may be repeated.")
    ] = None,
    resource: Annotated[
        str | None, typer.Option(help="A kind (secret), an id (hr-db/my_requests), or both with a space.")
    ] = None,
    result: Annotated[Result | None, typer.Option(help="How it ended.")] = None,
    data_class: Annotated[DataClass | None, typer.Option(help="A class the access touched.")] = None,
    since: Annotated[str | None, typer.Option(help="A day (UTC) or a moment with its zone.")] = None,
    until: Annotated[str | None, typer.Option(help="A day, included, or a moment, not included.")] = None,
    text: Annotated[
        str | None, typer.Option(help="Stands in an id, action, resource or metadata; either case.")
    ] = None,
    saved: Annotated[SavedName | None, typer.Option(help="A saved query; filters narrow it.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="At most so many; all by default.")] = None,
    after: Annotated[str | None, typer.Option(help="Go on where an earlier search ended.")] = None,
    source: Annotated[
        Path | None, typer.Option("--from", help="An exported folder instead of the live ledger.")
    ] = None,
    form: Annotated[
        Form, typer.Option("--format", help="Lines for people, a JSON array, or CSV.")
    ] = Form.TEXT,
) -> None:
    """List entries, newest first, each checked against its signed checkpoint."""
    given = {
        "app": app_id,
        "actor": actor,
        "action": action or (),
        "resource": resource,
        "result": result,
        "data_class": data_class,
        "since": since and _moment(since),
        "until": until and _moment(until, last=True),
        "text": text,
    }
    with told():
        question = _question({name: value for name, value in given.items() if value}, saved, after)
        pages = _Pages(_finder(source), question, limit)
        _print(form, pages)
    if pages.unproven:
        raise failed(f"BAD: no signed checkpoint contains {', '.join(pages.unproven)}", UNPROVEN)


class _Pages:
    """All hits, page by page, and what they do not cover."""

    def __init__(self, ask: Callable[[Question], Answer], question: Question, limit: int | None) -> None:
        self._ask, self._question, self._left = ask, question, limit
        self.unproven: list[str] = []

    def __iter__(self) -> Iterator[Hit]:
        after = self._question.after
        while self._left != 0:
            size = min(MOST, self._left or MOST)
            answer = self._ask(self._question.model_copy(update={"after": after, "limit": size}))
            if after == self._question.after:
                _warn(answer)
            self.unproven += [f"{hit.log}/{hit.number}" for hit in answer.hits if not hit.proven]
            yield from answer.hits
            self._left = None if self._left is None else self._left - len(answer.hits)
            if (after := answer.next) is None:
                return
        typer.echo(f"more: --after {after}", err=True)


def _warn(answer: Answer) -> None:
    if answer.unread:
        typer.echo(f"note: {answer.unread} of {answer.signed} entries are not indexed yet", err=True)
    if answer.misfits:
        typer.echo(f"note: the index named {answer.misfits} entries that are no hits", err=True)


def _print(form: Form, hits: _Pages) -> None:
    if form is Form.JSON:
        typer.echo("[" + ",\n ".join(hit.body for hit in hits) + "]")
        return
    if form is Form.CSV:
        rows = csv.writer(sys.stdout)
        rows.writerow(COLUMNS)
        rows.writerows([_harmless(cell) for cell in _cells(hit)] for hit in hits)
        return
    for hit in hits:
        where, when, event_id, who, what, ended, kind, name, _ = _cells(hit)
        typer.echo("  ".join((where, when, event_id, who, what, ended, f"{kind} {name}")))


COLUMNS = ("entry", "time", "event_id", "actor", "action", "result", "kind", "resource", "app")


def _cells(hit: Hit) -> tuple[str, ...]:
    event = hit.event
    return (
        f"{hit.log}/{hit.number}",
        event.timestamp.isoformat(timespec="seconds"),
        event.event_id,
        event.actor.id,
        event.action,
        event.result.value,
        event.resource.type,
        event.resource.id,
        event.app_id or "",
    )


def _harmless(cell: str) -> str:
    """A cell no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in "=+-@\t\r" else cell


def _question(given: dict[str, object], saved: SavedName | None, after: str | None) -> Question:
    try:
        return Question(filters=Filters.model_validate(given), saved=saved, after=after)
    except ValidationError as error:
        raise Invalid(f"This cannot be searched for: {words_of(error)}") from None


def _moment(word: str, *, last: bool = False) -> datetime | str:
    """A day's beginning, or its end; anything else is left to the filters."""
    try:
        return datetime.combine(date.fromisoformat(word) + timedelta(days=last), time(), UTC)
    except ValueError:
        return word


def _finder(folder: Path | None) -> Callable[[Question], Answer]:
    if folder is None:
        access = Access()
        client, who = access.client("lambda"), access.client("sts").get_caller_identity()["Arn"]
        by = Actor(id=who, role=Role.AUDITOR)
        return lambda question: find(client, question, by)
    if not (folder / KEY_FILE).is_file():
        raise NotFound(f"{folder} holds no exported ledger", "Make one with `appguard audit export`.")
    from appguard.audit.search.here import search_in  # noqa: PLC0415 - reads slowly, needed here alone

    return search_in(folder).answer
