"""Gate: what the app sends is what connectors take, and what other hosts said is what was agreed.

Nothing is called. Forms and mappings are tried on values at the edges of every field, calls in
`logic.py` are read, recorded answers of other hosts are held against their schema.
"""

from appguard.apps.bundle import Bundle
from appguard.apps.yaml_source import ManifestError
from appguard.gates.contracts import calls, http, pages
from appguard.gates.hooks import code_of
from appguard.gates.model import GateContext
from appguard.gates.positions import document
from appguard.kernel.finding import Finding
from appguard.runtime.hooks import functions


def check(bundle: Bundle, context: GateContext) -> list[Finding]:
    """Every call that its connector would refuse, and every recorded example that breaks its contract.

    A manifest that cannot be read yields nothing here: the manifest gate refuses it.
    """
    try:
        manifest = bundle.manifest()
    except ManifestError:
        return []
    source = document(bundle)
    trials = pages.trials(manifest, context.connectors)
    files = code_of(bundle) if any(map(functions, manifest.pages)) else {}
    agreed = http.contracts(bundle.files)
    questions = tuple(question for trial in trials for question in trial.questions)
    asked = (*questions, *(contract.question for contract in agreed))
    report = context.sandbox.run(files, asked) if asked else None
    answers = list(report.answers) if report else []
    of_pages = sum(len(trial.how) for trial in trials)
    return [
        *pages.findings(trials, answers, source),
        *http.findings(manifest, agreed, answers[of_pages:], source),
        *calls.findings(bundle, manifest, context.connectors),
    ]
