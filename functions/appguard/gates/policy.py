"""Gate: what the Rego rules say."""

from appguard.apps.bundle import MANIFEST, Bundle
from appguard.apps.yaml_path import steps
from appguard.apps.yaml_source import Document, ManifestError
from appguard.gates.fixes import put
from appguard.gates.model import GateContext
from appguard.gates.positions import document, line_of
from appguard.gates.subject import told
from appguard.kernel.finding import Finding
from appguard.kernel.fix import Fix
from appguard.policy.engine import PolicyFinding, engine


def check(bundle: Bundle, context: GateContext) -> list[Finding]:
    """The findings of all rules, each at its line of the manifest.

    A manifest that cannot be read yields nothing here: the manifest gate refuses it.
    """
    rules = engine(context.policies)
    try:
        subject = told(bundle, context)
    except ManifestError:
        return []
    source = document(bundle)
    found = rules.evaluate(subject)
    return [_placed(finding, source) for finding in found]


def _placed(finding: PolicyFinding, source: Document) -> Finding:
    return Finding(
        gate=finding.gate,
        rule=finding.rule,
        severity=finding.severity,
        message=finding.message,
        remediation=finding.remediation,
        controls=finding.controls,
        path=MANIFEST,
        line=line_of(finding.key, source),
        fix=_fix(finding, source),
    )


def _fix(finding: PolicyFinding, source: Document) -> Fix | None:
    if (setting := finding.setting) is None:
        return None
    return put(source, [steps(setting.path)], setting.value, f"Set {setting.path} to {setting.value}.")
