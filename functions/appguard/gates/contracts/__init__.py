"""Gate: what the app sends is what connectors take, and what other hosts said is what was agreed.

Nothing is called. Forms and mappings are tried on values at the edges of every field, calls in
`logic.py` are read, recorded answers of other hosts are held against their schema.
"""

from collections.abc import Sequence

from appguard.apps.bundle import Bundle
from appguard.apps.yaml_source import ManifestError
from appguard.gates.contracts import calls, http, pages
from appguard.gates.model import GateContext
from appguard.gates.positions import document
from appguard.gates.sandbox.model import Asked, Question
from appguard.kernel.finding import Finding


def check(bundle: Bundle, context: GateContext) -> list[Finding]:
    """Every call that its connector would refuse, and every recorded example that breaks its contract.

    A manifest that cannot be read yields nothing here: the manifest gate refuses it.
    """
    try:
        manifest = bundle.manifest()
    except ManifestError:
        return []
    source = document(bundle)
    trials, agreed = pages.trials(manifest, context.connectors), http.contracts(bundle.files)
    questions = _questions(trials, agreed)
    answers = context.sandbox.run({}, questions).answers if questions else ()
    of_pages = sum(len(trial.how) for trial in trials)
    return [
        *pages.findings(trials, answers, source),
        *http.findings(manifest, agreed, answers[of_pages:], source),
        *calls.findings(bundle, manifest, context.connectors),
    ]


def asked(bundle: Bundle, context: GateContext) -> Asked:
    """What the sandbox is to try: forms and mappings on values, recorded answers on their schemas."""
    try:
        trials = pages.trials(bundle.manifest(), context.connectors)
    except ManifestError:
        return Asked({}, ())
    return Asked({}, _questions(trials, http.contracts(bundle.files)))


def _questions(trials: Sequence[pages.Trial], agreed: Sequence[http.Contract]) -> tuple[Question, ...]:
    return (
        *(question for trial in trials for question in trial.questions),
        *(contract.question for contract in agreed),
    )
