"""The risk tier: computed from what an app touches, never lower than what was declared."""

from collections.abc import Collection, Iterable, Iterator, Mapping

from appguard.apps.manifest import Audience, Criticality, Intent, Manifest, RuntimeLimits
from appguard.apps.model import Risk
from appguard.connectors.model import Connector, ConnectorState
from appguard.kernel.ids import ConnectorName
from appguard.kernel.levels import DataClass, RiskTier

Reason = tuple[RiskTier, str]

TIER_OF_CLASS: Mapping[DataClass, RiskTier] = {
    DataClass.PUBLIC: RiskTier.LOW,
    DataClass.INTERNAL: RiskTier.LOW,
    DataClass.CONFIDENTIAL: RiskTier.MEDIUM,
    DataClass.PERSONAL: RiskTier.MEDIUM,
    DataClass.SPECIAL: RiskTier.HIGH,
}
TIER_OF_CRITICALITY: Mapping[Criticality, RiskTier] = {
    Criticality.LOW: RiskTier.LOW,
    Criticality.MEDIUM: RiskTier.MEDIUM,
    Criticality.HIGH: RiskTier.HIGH,
}
UNREADABLE = Risk(
    tier=RiskTier.HIGH, reasons=("The manifest cannot be read, so nothing is known of the app.",)
)


def assess(
    manifest: Manifest, connectors: Mapping[ConnectorName, Connector], files: Collection[str] = ()
) -> Risk:
    """The tier of a bundle and its reasons, the weightiest first.

    `connectors` is the registry of approved connectors, `files` the paths in the bundle. What
    cannot be judged (an unknown connector or query) counts as high.
    """
    classes = _classes_touched(manifest, connectors)
    reasons = [
        *of_intent(manifest.intent),
        *_of_data(manifest, connectors),
        *_of_audience(manifest.intent.users, max(classes, default=DataClass.PUBLIC)),
        *_of_runtime(manifest.runtime, max(classes, default=DataClass.PUBLIC)),
        *_of_code(files),
    ]
    return weigh(reasons, classes)


def weigh(reasons: Iterable[Reason], classes: tuple[DataClass, ...] = ()) -> Risk:
    """The tier that reasons add up to. Above low, reasons that speak of low are left out as noise."""
    heaviest_first = sorted(dict.fromkeys(reasons), key=lambda reason: reason[0], reverse=True)
    tier = heaviest_first[0][0] if heaviest_first else RiskTier.LOW
    telling = (words for weight, words in heaviest_first if weight > RiskTier.LOW or tier is RiskTier.LOW)
    return Risk(tier=tier, reasons=tuple(telling), classes=classes)


def of_intent(intent: Intent) -> Iterator[Reason]:
    """What the one-page form alone says; the portal shows it while the requester types."""
    yield TIER_OF_CLASS[intent.data_class], f"You declared {intent.data_class.value} data."
    yield TIER_OF_CRITICALITY[intent.criticality], f"You declared {intent.criticality.value} criticality."
    yield from _of_audience(intent.users, intent.data_class)


def _of_data(manifest: Manifest, connectors: Mapping[ConnectorName, Connector]) -> Iterator[Reason]:
    for use in manifest.connectors:
        connector = connectors.get(use.name)
        if connector is None:
            yield RiskTier.HIGH, f"It asks for {use.name}, which is no known connector."
            continue
        if connector.state is not ConnectorState.APPROVED:
            yield RiskTier.HIGH, f"The connector {use.name} is {connector.state.value}."
        for name in use.queries:
            if query := connector.queries.get(name):
                yield (
                    TIER_OF_CLASS[query.highest],
                    f"It reads {query.highest.value} data ({use.name}: {name}).",
                )
            else:
                yield RiskTier.HIGH, f"{use.name} has no query {name}."
        for name in use.commands:
            if command := connector.commands.get(name):
                yield (
                    TIER_OF_CLASS[command.highest],
                    f"It writes {command.highest.value} data ({use.name}: {name}).",
                )
            else:
                yield RiskTier.HIGH, f"{use.name} has no command {name}."


def _of_audience(users: Audience, highest: DataClass) -> Iterator[Reason]:
    if users < Audience.PARTNERS:
        return
    outside = "partners" if users is Audience.PARTNERS else "anybody"
    if highest >= DataClass.INTERNAL:
        yield RiskTier.HIGH, f"{outside.capitalize()} outside the company would reach {highest.value} data."
    else:
        yield RiskTier.MEDIUM, f"It is open to {outside} outside the company."


def _of_runtime(runtime: RuntimeLimits, highest: DataClass) -> Iterator[Reason]:
    if runtime.permissions:
        yield RiskTier.HIGH, f"It asks for AWS permissions of its own: {', '.join(runtime.permissions)}."
    if runtime.egress:
        tier = RiskTier.HIGH if highest >= DataClass.CONFIDENTIAL else RiskTier.MEDIUM
        yield tier, f"It sends requests to hosts outside: {', '.join(runtime.egress)}."
    usual = RuntimeLimits()
    more = [
        name
        for name in ("memory_mb", "timeout_seconds", "concurrency")
        if getattr(runtime, name) > getattr(usual, name)
    ]
    if more:
        yield RiskTier.MEDIUM, f"It asks for more than the usual {' and '.join(more)}."


def _of_code(files: Collection[str]) -> Iterator[Reason]:
    code = sorted(path for path in files if path.endswith(".py") and not path.startswith("tests/"))
    if code:
        yield RiskTier.MEDIUM, f"It brings code of its own: {', '.join(code)}."


def _classes_touched(
    manifest: Manifest, connectors: Mapping[ConnectorName, Connector]
) -> tuple[DataClass, ...]:
    touched: set[DataClass] = set()
    for use in manifest.connectors:
        if connector := connectors.get(use.name):
            touched.update(*(connector.queries[n].classes for n in use.queries if n in connector.queries))
            touched.update(*(connector.commands[n].classes for n in use.commands if n in connector.commands))
    return tuple(sorted(touched))
