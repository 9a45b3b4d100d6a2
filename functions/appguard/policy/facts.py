"""From a manifest and the connectors to the input of the policies."""

from collections.abc import Iterator, Mapping

from appguard.apps.manifest import Manifest
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
)
from appguard.runtime.pages import FormPage, Page


def facts(manifest: Manifest, connectors: Mapping[ConnectorName, Connector], risk: Risk) -> PolicyInput:
    """Everything the rules may know of an app. Unknown connectors and queries are the manifest gate's."""
    used = [(use, connectors[use.name]) for use in manifest.connectors if use.name in connectors]
    return PolicyInput(
        schema_="appguard.policy-input/v1",
        manifest=_manifest(manifest),
        connectors=tuple(ConnectorFacts(name=c.name, state=c.state, owner=c.owner) for _, c in used),
        touched_columns=tuple(
            TouchedColumn(connector=c.name, query=name, name=column.name, class_=column.class_)
            for use, c in used
            for name in use.queries
            if name in c.queries
            for column in c.queries[name].columns
        ),
        touched_commands=tuple(
            TouchedCommand(connector=c.name, name=name, class_=c.commands[name].highest)
            for use, c in used
            for name in use.commands
            if name in c.commands
        ),
        permissions=tuple(_permissions(manifest.runtime.permissions)),
        egress=tuple(Egress(host=host, kind=kind_of(host)) for host in manifest.runtime.egress),
        risk=RiskFacts(tier=risk.tier, reasons=risk.reasons),
    )


def _manifest(manifest: Manifest) -> ManifestFacts:
    intent, runtime, lifecycle = manifest.intent, manifest.runtime, manifest.lifecycle
    return ManifestFacts(
        id=manifest.metadata.id,
        owner=manifest.metadata.owner,
        team=manifest.metadata.team,
        template=manifest.metadata.template,
        intent=IntentFacts(
            purpose=intent.purpose,
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
        pages=tuple(_page(page) for page in manifest.pages),
        tests=len(manifest.tests),
    )


def _page(page: Page) -> PageFacts:
    if isinstance(page, FormPage):
        call, operation, export = page.submit.connector, page.submit.command, False
    else:
        call, operation, export = page.source.connector, page.source.query, page.export
    return PageFacts(
        id=page.id, type=page.type, help=page.help, connector=call, operation=operation, export=export
    )


def _permissions(actions: tuple[str, ...]) -> Iterator[Permission]:
    """IAM compares actions without case; so do the rules."""
    for action in actions:
        service, _, operation = action.lower().partition(":")
        yield Permission(action=action, service=service, operation=operation)
