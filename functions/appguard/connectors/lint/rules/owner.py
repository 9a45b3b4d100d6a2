"""Somebody can be written to about a connector."""

import re
from collections.abc import Iterator

from appguard.apps.yaml_source import Document
from appguard.connectors.lint.model import Fault
from appguard.connectors.model import Connector

_ADDRESS = re.compile(r"[\w.%+-]{1,64}@(?:[a-z0-9-]+\.)+[a-z]{2,}", re.ASCII | re.IGNORECASE)


def check(connector: Connector, document: Document) -> Iterator[Fault]:
    """An owner that is no e-mail address."""
    if not _ADDRESS.fullmatch(connector.owner):
        yield Fault(
            "connector-owner",
            f"The owner {connector.owner} is not an e-mail address",
            document.mark(("owner",))[0],
        )
