"""Data that code of the app's own could carry to where less is protected than where it was read."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from appguard.apps.bundle import MANIFEST, Bundle
from appguard.apps.manifest import Manifest
from appguard.connectors.model import Connector
from appguard.gates.contracts.calls import reads
from appguard.gates.positions import document, line_of
from appguard.kernel.finding import Finding, Severity
from appguard.kernel.ids import ConnectorName
from appguard.kernel.levels import DataClass
from appguard.runtime.pages import FormPage, Page

Connectors = Mapping[ConnectorName, Connector]


class _Read(NamedTuple):
    """A query that code asks, and the highest class of its columns."""

    data_class: DataClass
    connector: str
    query: str


def check(bundle: Bundle, manifest: Manifest, connectors: Connectors) -> Iterator[Finding]:
    """Functions that make parameters of a lower class than what the app's code reads.

    Values are not followed through the code: that it reads the one and writes the other is enough
    to have a person look.
    """
    read = [
        _Read(query.highest, name, operation)
        for name, operation in sorted(reads(bundle))
        if (connector := connectors.get(ConnectorName(name))) and (query := connector.queries.get(operation))
    ]
    for index, page in enumerate(manifest.pages):
        function, target, sink = _sink(page, connectors)
        # A query's parameters are kept nowhere; its own source has the data already.
        leaving = [
            one for one in read if isinstance(page, FormPage) or one.connector != page.source.connector
        ]
        highest = max(leaving, default=None)
        if function and sink is not None and highest and highest.data_class > sink:
            yield Finding(
                gate="data",
                rule="data-class-lowered",
                severity=Severity.APPROVE,
                message=f"{function} could put {highest.data_class.value} data from {highest.connector}/"
                f"{highest.query} into {target}, which holds {sink.value} data.",
                remediation="Read only what the parameters need, or use mapping; else a reviewer reads it.",
                path=MANIFEST,
                line=line_of(f"pages[{index}]", document(bundle)),
                controls=("GDPR-Art.5", "ISO27001-A.8.12"),
            )


def _sink(page: Page, connectors: Connectors) -> tuple[str | None, str, DataClass | None]:
    """The function that fills a page's parameters, where they go, and the highest class that place holds."""
    if isinstance(page, FormPage):
        connector = connectors.get(page.submit.connector)
        command = connector.commands.get(page.submit.command) if connector else None
        target = f"{page.submit.connector}/{page.submit.command}"
        return page.submit.prepare, target, command.highest if command else None
    connector = connectors.get(page.source.connector)
    query = connector.queries.get(page.source.query) if connector else None
    classes = [parameter.class_ for parameter in query.parameters.values()] if query else []
    return page.source.prepare, f"{page.source.connector}/{page.source.query}", max(classes, default=None)
