"""Is a version affected? OSV's own algorithm over PEP 440 versions; in doubt it is.

https://ossf.github.io/osv-schema/#evaluation
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from packaging.version import InvalidVersion, Version

from appguard.packages.osv import Advisory, Event, Turn

BEGINNING = "0"
EVERYTHING = "*"
# At one version: what ends there ends first, what begins there begins, what it affected last is still in.
_ORDER: dict[Turn, int] = {"fixed": 0, "introduced": 1, "last_affected": 2, "limit": 3}


def affects(advisory: Advisory, version: Version) -> bool:
    """Whether this version has the fault.

    A local build (`1.0+cpu`) has what its release has. A record that names no versions at all, or whose
    range cannot be put in order while it lists none, speaks of every version.
    """
    return any(_affects(advisory, one) for one in {version, Version(version.public)})


def _affects(advisory: Advisory, version: Version) -> bool:
    if not (advisory.versions or advisory.ranges):
        return True
    if any(_equal(listed, version) for listed in advisory.versions):
        return True
    for events in advisory.ranges:
        try:
            if _inside(events, version):
                return True
        except InvalidVersion:
            if not advisory.versions:
                return True
    return False


def _inside(events: tuple[Event, ...], version: Version) -> bool:
    limits = [text for turn, text in events if turn == "limit"]
    if limits and not any(text == EVERYTHING or version < _version(text) for text in limits):
        return False
    affected = False
    for turn, text in sorted((e for e in events if e[0] != "limit"), key=_place):
        match turn:
            case "introduced" if text == BEGINNING or version >= _version(text):
                affected = True
            case "fixed" if version >= _version(text):
                affected = False
            case "last_affected" if version > _version(text):
                affected = False
    return affected


def _place(event: Event) -> tuple[bool, Version, int]:
    """Where an event stands; `introduced: 0` is before every version, even before 0.dev1."""
    turn, text = event
    return (turn, text) != ("introduced", BEGINNING), _version(text), _ORDER[turn]


def _equal(listed: str, version: Version) -> bool:
    try:
        return _version(listed) == version
    except InvalidVersion:
        return listed == str(version)


def smallest_fix(known: Iterable[Advisory], version: Version) -> Version | None:
    """The smallest later version that ends a fault and has none of those known; a final release if any."""
    known = list(known)
    ends = {fix for advisory in known for fix in _fixes(advisory) if fix > version}
    sound = sorted(end for end in ends if not any(affects(advisory, end) for advisory in known))
    return next((end for end in sound if not end.is_prerelease), sound[0] if sound else None)


def _fixes(advisory: Advisory) -> Iterator[Version]:
    for turn, text in (event for events in advisory.ranges for event in events):
        if turn == "fixed":
            try:
                yield _version(text)
            except InvalidVersion:
                continue


@lru_cache(maxsize=20_000)
def _version(text: str) -> Version:
    """The same few versions stand in hundreds of advisories about one package."""
    return Version(text)
