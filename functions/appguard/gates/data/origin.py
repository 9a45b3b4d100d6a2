"""An app that touches personal data, or worse, comes from a protected source: said before anybody is asked.

The same is required again of the signed statement, when a bundle is attested, built and published.
"""

from collections.abc import Iterator

from appguard.apps.bundle import Bundle
from appguard.apps.manifest import Manifest
from appguard.apps.risk import assess
from appguard.gates.model import GateContext
from appguard.kernel.finding import Finding, Severity
from appguard.provenance.errors import SourceNotProtected


def check(bundle: Bundle, manifest: Manifest, context: GateContext) -> Iterator[Finding]:
    """A block for data that may not come from there; nothing where the source is not known yet."""
    from appguard.provenance.sources import sources  # noqa: PLC0415 - reads YAML; a laptop knows no source

    if context.source is None:
        return
    classes = assess(manifest, context.connectors, bundle.files.keys()).classes
    if objection := sources().objection(context.source, classes):
        yield Finding(
            gate="data",
            rule="source-not-protected",
            severity=Severity.BLOCK,
            message=objection,
            remediation=SourceNotProtected.remediation,
            controls=("SLSA-Build-L2", "ISO27001-A.8.4"),
        )
