"""What a bundle could do once it runs: a pure function of its files and of the approved connectors."""

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Self

from appguard.apps.bundle import Bundle
from appguard.apps.manifest import ConnectorUse, Manifest
from appguard.connectors.model import Connector, Query
from appguard.kernel.ids import ConnectorName
from appguard.kernel.levels import DataClass
from appguard.kernel.record import Record
from appguard.runtime.pages import FormPage, Page, functions

if TYPE_CHECKING:
    from appguard.packages.model import Pin

ALL_ROWS = 1000
"""More than the columns that can tie a row to its user: nothing ties the rows of such a query."""

_WHEN = {
    "check": "to judge what is entered in",
    "submit.prepare": "on submit, to make what is sent from",
    "source.prepare": "to make what is asked for",
}
"""When a page runs code of the app's own, by the key that names the function."""

LONGEST_LINE = 200


class Kind(StrEnum):
    """What a capability is about, in the order in which people are told."""

    AUDIENCE = "audience"
    DECLARED_CLASS = "declared_class"
    CONNECTOR = "connector"
    QUERY = "query"
    COLUMN = "column"
    ROWS = "rows"
    COMMAND = "command"
    EGRESS = "egress"
    PERMISSION = "permission"
    DEPENDENCY = "dependency"
    PAGE = "page"
    FIELD = "field"
    EXPORT = "export"
    HOOK = "hook"
    MEMORY = "memory"
    TIMEOUT = "timeout"
    CONCURRENCY = "concurrency"
    CODE_BYTES = "code_bytes"
    CODE_LINES = "code_lines"
    RETIRE_AFTER = "retire_after"
    IDLE_AFTER = "idle_after"
    RETENTION = "retention"


class Capability(Record):
    """One thing an app can do. `subject` tells it from others of its kind, `title` is for people.

    `amount` is how much of it: megabytes, rows, 1 for a column in clear text and 0 for a masked one.
    """

    kind: Kind
    subject: str = ""
    title: str = ""
    amount: int = 0
    data_class: DataClass | None = None

    @property
    def key(self) -> tuple[Kind, str]:
        """What stays the same while title, amount and class may change."""
        return self.kind, self.subject


class Capabilities(Record):
    """Everything one bundle could do, each thing once and in a fixed order."""

    all: tuple[Capability, ...] = ()

    @classmethod
    def of(cls, bundle: Bundle, connectors: Mapping[ConnectorName, Connector]) -> Self:
        """What `bundle` could do, as the approved `connectors` stand now; raises `ManifestError`."""
        manifest, files = bundle.manifest(), bundle.files
        return cls.holding(
            [
                *_of_audience(manifest),
                *(each for use in manifest.connectors for each in _of_connector(use, connectors)),
                *(Capability(kind=Kind.EGRESS, subject=host) for host in manifest.runtime.egress),
                *(Capability(kind=Kind.PERMISSION, subject=a) for a in manifest.runtime.permissions),
                *_of_dependencies(files.get("requirements.txt", b"")),
                *(each for page in manifest.pages for each in _of_page(page)),
                *_of_limits(manifest),
                *_of_code(files),
            ]
        )

    @classmethod
    def holding(cls, found: Iterable[Capability]) -> Self:
        """These capabilities; of two with one key the later counts."""
        by_key = {each.key: each for each in found}
        return cls(all=tuple(by_key[key] for key in sorted(by_key)))

    @property
    def by_key(self) -> dict[tuple[Kind, str], Capability]:
        """Each capability by its key."""
        return {each.key: each for each in self.all}

    @property
    def digest(self) -> str:
        """Fingerprint: the same bundle has another one once a connector it uses gives something else."""
        return self.fingerprint()


def _of_audience(manifest: Manifest) -> Iterator[Capability]:
    users, declared = manifest.intent.users, manifest.intent.data_class
    yield Capability(kind=Kind.AUDIENCE, amount=users.rank)
    yield Capability(kind=Kind.DECLARED_CLASS, amount=declared.rank, data_class=declared)


def _of_connector(use: ConnectorUse, connectors: Mapping[ConnectorName, Connector]) -> Iterator[Capability]:
    connector = connectors.get(use.name)
    title = connector.title if connector else use.name
    yield Capability(kind=Kind.CONNECTOR, subject=use.name, title=title)
    for name in use.queries:
        query = connector.queries.get(name) if connector else None
        yield from _of_query(f"{use.name}/{name}", title, query)
    for name in use.commands:
        command = connector.commands.get(name) if connector else None
        yield Capability(
            kind=Kind.COMMAND,
            subject=f"{use.name}/{name}",
            title=f"“{command.title if command else name}” in {title}",
            data_class=command.highest if command else DataClass.SPECIAL,
        )


def _of_query(subject: str, source: str, query: Query | None) -> Iterator[Capability]:
    """A query nobody knows counts as the most sensitive: it must never look like less than it is."""
    if query is None:
        yield Capability(kind=Kind.QUERY, subject=subject, title=subject, data_class=DataClass.SPECIAL)
        return
    title = f"“{query.title}” from {source}"
    yield Capability(kind=Kind.QUERY, subject=subject, title=title, data_class=query.highest)
    yield Capability(kind=Kind.ROWS, subject=subject, title=title, amount=len(query.user_in) or ALL_ROWS)
    for column in query.columns:
        yield Capability(
            kind=Kind.COLUMN,
            subject=f"{subject}/{column.name}",
            title=f"“{column.label}” in {title}",
            amount=int(column.mask is None),
            data_class=column.class_,
        )


def _of_dependencies(requirements: bytes) -> Iterator[Capability]:
    """Pins by normalised name; a line that is none, such as an address, stands as it is written."""
    if not requirements:
        return
    from appguard.packages.requirements import said  # noqa: PLC0415 - few apps bring packages

    for one in said(requirements):
        subject = one[:LONGEST_LINE] if isinstance(one, str) else _pin(one)
        yield Capability(kind=Kind.DEPENDENCY, subject=subject)


def _pin(pin: "Pin") -> str:
    extras = f"[{','.join(sorted(pin.extras))}]" if pin.extras else ""
    return f"{pin.name}{extras}=={pin.version}"


def _of_page(page: Page) -> Iterator[Capability]:
    yield Capability(kind=Kind.PAGE, subject=page.id, title=page.title)
    for key in functions(page):
        title = f"{_WHEN[key]} “{page.title}”"
        yield Capability(kind=Kind.HOOK, subject=f"{page.id}/{key}", title=title)
    if isinstance(page, FormPage):
        for field in page.fields:
            title = f"“{field.label}” on the page “{page.title}”"
            yield Capability(kind=Kind.FIELD, subject=f"{page.id}/{field.name}", title=title)
    elif page.export:
        yield Capability(kind=Kind.EXPORT, subject=page.id, title=page.title)


def _of_limits(manifest: Manifest) -> Iterator[Capability]:
    runtime, lifecycle = manifest.runtime, manifest.lifecycle
    amounts = {
        Kind.MEMORY: runtime.memory_mb,
        Kind.TIMEOUT: runtime.timeout_seconds,
        Kind.CONCURRENCY: runtime.concurrency,
        Kind.RETIRE_AFTER: lifecycle.retire_after_months,
        Kind.IDLE_AFTER: lifecycle.idle_after_days,
        Kind.RETENTION: lifecycle.retention.years,
    }
    return (Capability(kind=kind, amount=amount) for kind, amount in amounts.items())


def _of_code(files: Mapping[str, bytes]) -> Iterator[Capability]:
    """Python of its own, tests included: they run in the sandbox."""
    code = [content for path, content in files.items() if path.endswith((".py", ".pyi"))]
    if code:
        yield Capability(kind=Kind.CODE_BYTES, amount=sum(map(len, code)))
        yield Capability(kind=Kind.CODE_LINES, amount=sum(len(content.splitlines()) for content in code))
