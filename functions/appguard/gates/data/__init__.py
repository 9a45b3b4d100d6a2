"""Gate: personal data stays where it belongs: in the connector's columns, not in files, logs or addresses.

And an app that touches it comes from where nobody changes it unseen.
"""

from appguard.apps.bundle import Bundle
from appguard.apps.yaml_source import ManifestError
from appguard.gates.data import code, literals, lowered, mappings, origin, words
from appguard.gates.model import GateContext
from appguard.kernel.finding import Finding


def check(bundle: Bundle, context: GateContext) -> list[Finding]:
    """Persons found in the files, where code or mappings let personal data out, and the app's own source."""
    try:
        manifest = bundle.manifest()
    except ManifestError:
        return literals.check(bundle, owner="")
    personal = words.of(manifest, context.connectors)
    return [
        *literals.check(bundle, owner=manifest.metadata.owner),
        *mappings.check(bundle, manifest, personal),
        *code.check(bundle, personal),
        *lowered.check(bundle, manifest, context.connectors),
        *origin.check(bundle, manifest, context),
    ]
