"""Where files that travel with the code are found."""

from functools import cache
from pathlib import Path

from appguard.kernel.errors import Misconfigured


@cache
def policies_dir() -> Path:
    """The files of policy."""
    return _beside("policies")


@cache
def docs_dir() -> Path:
    """The pages people read; of those a Lambda asset holds the guides."""
    return _beside("docs")


def _beside(name: str) -> Path:
    """A folder beside the package in a Lambda asset, beside `functions` in a checkout."""
    package = Path(__file__).resolve().parents[1]
    for root in (package.parent, package.parent.parent):
        if (root / name).is_dir():
            return root / name
    raise Misconfigured(f"the folder {name} is not part of this deployment")
