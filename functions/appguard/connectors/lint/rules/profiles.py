"""A profile beside a connector file tells of groups, and of personal columns nothing but their shape."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from appguard.apps.yaml_source import Document
from appguard.connectors.lint.model import Fault
from appguard.connectors.model import Connector
from appguard.connectors.profiles.model import ColumnProfile, QueryProfile
from appguard.connectors.profiles.published import FOLDER, read_profile
from appguard.kernel.errors import Misconfigured
from appguard.kernel.levels import DataClass

ROUNDED = 0.005
"""What a share may have lost to rounding; `rows` lost up to nine."""


def check(connector: Connector, document: Document, path: Path) -> Iterator[Fault]:
    """What is wrong with the profile of this connector, if it has one."""
    file = path.parent / FOLDER / path.name
    if not file.exists():
        return
    line = document.mark(("name",))[0]
    try:
        profile = read_profile(file)
    except Misconfigured as error:
        yield Fault("profile-invalid", f"{FOLDER}/{error.message}".splitlines()[0].rstrip("."), line)
        return
    for name, measured in profile.queries.items():
        for rule, message in (*_strange(name, measured, connector), *_rare(measured, profile.k)):
            yield Fault(rule, f"{FOLDER}/{file.name}: {name}: {message}", line)


def _strange(name: str, measured: QueryProfile, connector: Connector) -> Iterator[tuple[str, str]]:
    query = connector.queries.get(name)
    classes = {column.name: column.class_ for column in query.columns} if query else {}
    if query is None:
        yield "profile-invalid", "the connector has no such query"
    for column, known in measured.columns.items():
        if query and column not in classes:
            yield "profile-invalid", f"there is no column {column}"
        elif query and known.tells_values and classes[column] >= DataClass.PERSONAL:
            yield "profile-personal", f"values of {column} are told, which is {classes[column]}"


def _rare(query: QueryProfile, k: int) -> Iterator[tuple[str, str]]:
    """Figures that are too small to speak of `k` people, whoever wrote them."""
    rows = query.rows + 9
    for name, known in query.columns.items():
        filled = rows * (1 - known.empty + 0.025)
        for share, what in _shares(known):
            if (share + ROUNDED) * filled < k:
                yield "profile-rare", f"{name} has {what} that fewer than {k} rows can have"


def _shares(known: ColumnProfile) -> Iterator[tuple[float, str]]:
    """Each figure, with words that do not repeat what it tells."""
    named: Mapping[str, list[float]] = {
        "a word": list(known.words.values()),
        "a pattern": list(known.patterns.values()),
        "a bar": [bar.share for bar in (*known.lengths, *known.numbers)] + [bar.share for bar in known.days],
    }
    for what, shares in named.items():
        yield from ((share, what) for share in shares)
