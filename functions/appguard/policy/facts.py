"""From a manifest and the connectors to the input of the policies."""

from collections.abc import Iterator, Mapping

from appguard.apps.manifest import ConnectorUse, Manifest
from appguard.apps.model import Risk
from appguard.connectors.model import Connector
from appguard.kernel.ids import ConnectorName
from appguard.policy.hosts import kind_of
from appguard.policy.input import (
    ConnectorFacts,
    Egress,
    IntentFacts,
    LifecycleFacts,
    ManifestFacts,
    PageFacts,
    Permission,
    PolicyInput,
    RiskFacts,
    RuntimeFacts,
    TouchedColumn,
    TouchedCommand,
    TouchedQuery,
)
from appguard.runtime.pages import FormPage, Page


def facts(manifest: Manifest, connectors: Mapping[ConnectorName, Connector], risk: Risk) -> PolicyInput:
    """Everything the rules may know of an app. Unknown connectors and queries are the manifest gate's."""
    used = [
        (f"connectors[{index}]", use, connectors[use.name])
        for index, use in enumerate(manifest.connectors)
        if use.name in connectors
    ]
    return PolicyInput(
        schema_="appguard.policy-input/v1",
        manifest=_manifest(manifest),
        connectors=tuple(
            ConnectorFacts(name=c.name, state=c.state, owner=c.owner, path=at) for at, _, c in used
        ),
        touched_queries=tuple(query for at, use, c in used for query in _queries(at, use, c)),
        touched_commands=tuple(command for at, use, c in used for command in _commands(at, use, c)),
        permissions=tuple(_permissions(manifest.runtime.permissions)),
        egress=tuple(Egress(host=host, kind=kind_of(host)) for host in manifest.runtime.egress),
        risk=RiskFacts(tier=risk.tier, reasons=risk.reasons),
    )


def _queries(at: str, use: ConnectorUse, connector: Connector) -> Iterator[TouchedQuery]:
    for name, index in _first(use.queries).items():
        if query := connector.queries.get(name):
            yield TouchedQuery(
                connector=connector.name,
                name=name,
                path=f"{at}.queries[{index}]",
                columns=tuple(TouchedColumn(name=c.name, class_=c.class_) for c in query.columns),
            )


def _commands(at: str, use: ConnectorUse, connector: Connector) -> Iterator[TouchedCommand]:
    for name, index in _first(use.commands).items():
        if command := connector.commands.get(name):
            yield TouchedCommand(
                connector=connector.name, name=name, class_=command.highest, path=f"{at}.commands[{index}]"
            )


def _first(names: tuple[str, ...]) -> dict[str, int]:
    """Each name with where it stands first; writing one twice asks for nothing more."""
    return {name: names.index(name) for name in names}


def _manifest(manifest: Manifest) -> ManifestFacts:
    intent, runtime, lifecycle = manifest.intent, manifest.runtime, manifest.lifecycle
    return ManifestFacts(
        id=manifest.metadata.id,
        owner=manifest.metadata.owner,
        template=manifest.metadata.template,
        intent=IntentFacts(
            purpose_words=len(intent.purpose.split()),
            users=intent.users,
            data_class=intent.data_class,
            criticality=intent.criticality,
        ),
        runtime=RuntimeFacts(
            memory_mb=runtime.memory_mb,
            timeout_seconds=runtime.timeout_seconds,
            concurrency=runtime.concurrency,
        ),
        lifecycle=LifecycleFacts(
            retire_after_months=lifecycle.retire_after_months,
            idle_after_days=lifecycle.idle_after_days,
            retention=lifecycle.retention,
        ),
        pages=tuple(_page(f"pages[{index}]", page) for index, page in enumerate(manifest.pages)),
        tests=len(manifest.tests),
    )


def _page(at: str, page: Page) -> PageFacts:
    if isinstance(page, FormPage):
        call, operation, export = page.submit.connector, page.submit.command, False
    else:
        call, operation, export = page.source.connector, page.source.query, page.export
    return PageFacts(
        id=page.id,
        type=page.type,
        has_help=bool(page.help),
        connector=call,
        operation=operation,
        export=export,
        path=at,
    )


def _permissions(actions: tuple[str, ...]) -> Iterator[Permission]:
    """IAM compares actions without case; so do the rules."""
    for action in actions:
        service, _, operation = action.lower().partition(":")
        yield Permission(action=action, service=service, operation=operation)
