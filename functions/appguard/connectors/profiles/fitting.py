"""What a profile may tell of a connector: figures of enough people, and no values of personal columns.

The linter refuses files that break this; previews follow nothing that was not asked the same here.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple, NewType

from appguard.connectors.model import Connector
from appguard.connectors.profiles.model import ColumnProfile, Profile, QueryProfile
from appguard.kernel.errors import Misconfigured
from appguard.kernel.levels import DataClass

ROUNDED = 0.005
"""What a share may have lost to rounding; `rows` lost up to nine."""

FittingProfile = NewType("FittingProfile", QueryProfile)
"""One that made-up rows may follow: `fitting` makes it."""

UNKNOWN = FittingProfile(QueryProfile())


class Misfit(NamedTuple):
    """A rule of the linter that a profile breaks, and how; no figure is repeated."""

    rule: str
    message: str


def fitting(profile: Profile, connector: Connector, query: str) -> FittingProfile:
    """What is known of a query; raises `Misconfigured` if it tells too much or does not belong there."""
    measured = profile.queries.get(query)
    if measured is None:
        return UNKNOWN
    if broken := next(misfits(query, measured, connector, profile.k), None):
        raise Misconfigured(
            f"the profile of {connector.name} breaks {broken.rule}: {query}: {broken.message}",
            "Measure it again with appguard connectors profile, or delete it.",
        )
    return FittingProfile(measured)


def misfits(name: str, measured: QueryProfile, connector: Connector, k: int) -> Iterator[Misfit]:
    """Everything that is wrong with what a profile says of one query."""
    yield from _strange(name, measured, connector)
    yield from _rare(measured, k)


def _strange(name: str, measured: QueryProfile, connector: Connector) -> Iterator[Misfit]:
    query = connector.queries.get(name)
    classes = {column.name: column.class_ for column in query.columns} if query else {}
    if query is None:
        yield Misfit("profile-invalid", "the connector has no such query")
    for column, known in measured.columns.items():
        if query and column not in classes:
            yield Misfit("profile-invalid", f"there is no column {column}")
        elif query and known.tells_values and classes[column] >= DataClass.PERSONAL:
            yield Misfit("profile-personal", f"values of {column} are told, which is {classes[column]}")


def _rare(query: QueryProfile, k: int) -> Iterator[Misfit]:
    """Figures that are too small to speak of `k` people, whoever wrote them."""
    rows = query.rows + 9
    for name, known in query.columns.items():
        filled = rows * (1 - known.empty + 0.025)
        for share, what in _shares(known):
            if (share + ROUNDED) * filled < k:
                yield Misfit("profile-rare", f"{name} has {what} that fewer than {k} rows can have")


def _shares(known: ColumnProfile) -> Iterator[tuple[float, str]]:
    """Each figure, with words that do not repeat what it tells."""
    named: Mapping[str, list[float]] = {
        "a word": list(known.words.values()),
        "a pattern": list(known.patterns.values()),
        "a bar": [bar.share for bar in (*known.lengths, *known.numbers)] + [bar.share for bar in known.days],
    }
    for what, shares in named.items():
        yield from ((share, what) for share in shares)
