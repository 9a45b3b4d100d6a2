"""No template offers a connector that was withdrawn."""

from collections.abc import Iterator
from pathlib import Path

from appguard.apps.yaml_source import Document, load
from appguard.connectors.lint.model import Fault
from appguard.connectors.model import Connector


def check(connector: Connector, document: Document, templates: Path) -> Iterator[Fault]:
    """Templates that name it although it is retired."""
    if connector.usable:
        return
    for manifest in sorted(templates.glob("*/app.yaml")):
        value = load(manifest.read_bytes()).value
        if connector.name in {use["name"] for use in value.get("connectors", [])}:
            message = f"The connector is retired, but the template {manifest.parent.name} still names it"
            yield Fault("connector-retired-offered", message, document.mark(("state",))[0])
