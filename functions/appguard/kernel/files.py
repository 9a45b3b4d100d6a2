"""Where files that travel with the code are found."""

from functools import cache
from pathlib import Path

from appguard.kernel.errors import Misconfigured


@cache
def policies_dir() -> Path:
    """The `policies` folder: beside the package in a Lambda asset, beside `functions` in a checkout."""
    package = Path(__file__).resolve().parents[1]
    for root in (package.parent, package.parent.parent):
        if (root / "policies").is_dir():
            return root / "policies"
    raise Misconfigured("the policies folder is not part of this deployment")
