"""Which packages the sandbox lays out beside an app's code."""

from appguard.apps.bundle import Bundle
from appguard.gates.sandbox.model import Packages
from appguard.packages.model import Knowledge
from appguard.packages.requirements import FILE


def installed(bundle: Bundle, packages: Knowledge) -> Packages | None:
    """What requirements.txt installs; nothing where the dependencies gate has something to say about it."""
    digest = packages.of(bundle.files.get(FILE, b"")).installed
    if digest is None or packages.index is None:
        return None
    return Packages(url=packages.index.place(digest), sha256=digest)
