"""What the policies are asked about a bundle, as a document that can be kept and replayed."""

from typing import Any

from appguard.apps.bundle import Bundle
from appguard.apps.risk import assess
from appguard.gates.model import GateContext
from appguard.policy.facts import facts
from appguard.policy.input import PolicyInput


def told(bundle: Bundle, context: GateContext) -> PolicyInput:
    """The input of the policies; raises `ManifestError` when the manifest cannot be read."""
    manifest = bundle.manifest()
    risk = assess(manifest, context.connectors, bundle.files.keys())
    return facts(manifest, context.connectors, risk)


def subject(bundle: Bundle, context: GateContext) -> dict[str, Any]:
    """The same as JSON; raises `ManifestError`."""
    return told(bundle, context).model_dump(mode="json", by_alias=True, warnings="error")
