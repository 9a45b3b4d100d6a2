"""Keys of a manifest as people and forms write them, and as paths into its values."""

import re

from appguard.apps.yaml_source import Path

_STEP = re.compile(r"([A-Za-z_][\w-]*)|\[([0-9]{1,6})\]")


def steps(key: str) -> Path:
    """A dotted key as a path.

    >>> steps("connectors[0].queries[1]")
    ('connectors', 0, 'queries', 1)
    """
    return tuple(name or int(index) for name, index in _STEP.findall(key))


def dotted(path: Path) -> str:
    """A path as a dotted key.

    >>> dotted(("connectors", 0, "queries", 1))
    'connectors[0].queries[1]'
    """
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).lstrip(".")
