"""Who reads a page: in which language, in whose time, in the light or in the dark.

All of it comes from cookies and headers, which anybody may send: what is not in a list counts as absent.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, tzinfo
from functools import cache
from importlib.resources import files
from typing import Self
from zoneinfo import ZoneInfo

from appguard.portal.cookies import LANGUAGE, LOOK, ZONE, name_of
from appguard.portal.languages import LANGUAGES, best_of

LOOKS = ("light", "dark")


@dataclass(frozen=True)
class Reader:
    """How to speak to somebody; without a `look` the device decides between light and dark."""

    language: str
    zone: tzinfo = UTC
    chosen_language: str = ""
    look: str = ""

    @classmethod
    def of(cls, cookies: Mapping[str, str], accepted: str) -> Self:
        """From what the person chose, else what the browser says; in UTC until a script has told the zone."""
        chosen = _one_of(tuple(LANGUAGES), cookies.get(name_of(LANGUAGE)))
        return cls(
            language=chosen or best_of(accepted),
            zone=_zone(cookies.get(name_of(ZONE), "")),
            chosen_language=chosen,
            look=_one_of(LOOKS, cookies.get(name_of(LOOK))),
        )


def _one_of(allowed: tuple[str, ...], given: str | None) -> str:
    return given if given in allowed else ""


def _zone(name: str) -> tzinfo:
    """A zone of the IANA's list: `ZoneInfo` itself would look for any file of that name."""
    return ZoneInfo(name) if name in _zones() else UTC


@cache
def _zones() -> frozenset[str]:
    """The names in the `tzdata` package: `available_timezones` opens 600 files to say the same."""
    return frozenset(files("tzdata").joinpath("zones").read_text().split())
