"""A profile beside a connector file tells of groups, and of personal columns nothing but their shape."""

from collections.abc import Iterator
from pathlib import Path

from appguard.apps.yaml_source import Document
from appguard.connectors.lint.model import Fault
from appguard.connectors.model import Connector
from appguard.connectors.profiles.fitting import misfits
from appguard.connectors.profiles.published import FOLDER, read_profile
from appguard.kernel.errors import Misconfigured


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
        for rule, message in misfits(name, measured, connector, profile.k):
            yield Fault(rule, f"{FOLDER}/{file.name}: {name}: {message}", line)
