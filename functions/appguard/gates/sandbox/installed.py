"""Which packages the sandbox lays out beside an app's code."""

from appguard.apps.bundle import Bundle
from appguard.gates.model import GateContext
from appguard.gates.sandbox.model import Packages
from appguard.packages.requirements import FILE


def installed(bundle: Bundle, context: GateContext) -> Packages | None:
    """What requirements.txt installs; nothing where the dependencies gate has something to say about it."""
    digest = context.packages.of(bundle.files.get(FILE, b"")).installed
    if digest is None or context.packages.index is None:
        return None
    return Packages(url=context.packages.index.place(digest), sha256=digest)
