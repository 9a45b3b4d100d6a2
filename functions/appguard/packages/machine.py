"""Where apps run: which conditions hold there, and which wheels fit, the best one first.

One place for every app, also on a laptop: what is installed is part of what is approved.
"""

from collections.abc import Mapping
from functools import cache

from packaging.tags import Tag, compatible_tags, cpython_tags

PYTHON = (3, 13)
MACHINE = "x86_64"
GLIBC = 34
"""Amazon Linux 2023, under Lambda's python3.13, has glibc 2.34."""
_LEGACY = {17: "manylinux2014", 12: "manylinux2010", 5: "manylinux1"}
OLDEST_GLIBC = 5

MARKERS: Mapping[str, str] = {
    "implementation_name": "cpython",
    "os_name": "posix",
    "platform_machine": MACHINE,
    "platform_python_implementation": "CPython",
    "platform_system": "Linux",
    "python_full_version": f"{PYTHON[0]}.{PYTHON[1]}.0",
    "python_version": f"{PYTHON[0]}.{PYTHON[1]}",
    "sys_platform": "linux",
}


@cache
def ranks() -> Mapping[Tag, int]:
    """Every tag that fits, and its place: PEP 425 prefers what was built most closely for the place."""
    platforms = [name for minor in range(GLIBC, OLDEST_GLIBC - 1, -1) for name in _platforms(minor)]
    tags = [
        *cpython_tags(PYTHON, platforms=platforms),
        *compatible_tags(PYTHON, f"cp{PYTHON[0]}{PYTHON[1]}", platforms),
    ]
    return {tag: place for place, tag in enumerate(tags)}


def _platforms(minor: int) -> list[str]:
    """The names of one glibc (PEP 600), the legacy one last."""
    names = [f"manylinux_2_{minor}", *filter(None, [_LEGACY.get(minor)])]
    return [f"{name}_{MACHINE}" for name in names]
