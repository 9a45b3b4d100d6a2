"""Gate: what the app sends is what connectors take, and what other hosts said is what was agreed.

Nothing is called. Forms and mappings are tried on values at the edges of every field, calls in
`logic.py` are read, recorded answers of other hosts are held against their schema.
"""

from collections.abc import Sequence

from appguard.apps.bundle import Bundle
from appguard.apps.yaml_source import ManifestError
from appguard.gates.contracts import calls, http, pages
from appguard.gates.hooks import code_of
from appguard.gates.model import GateContext
from appguard.gates.positions import document
from appguard.gates.sandbox.installed import installed
from appguard.gates.sandbox.model import Asked
from appguard.kernel.finding import Finding
from appguard.runtime.pages import functions


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
    files, questions, packages = _asked(bundle, context, trials, agreed)
    answers = context.sandbox.run(files, questions, packages).answers if questions else ()
    of_pages = sum(len(trial.how) for trial in trials)
    return [
        *pages.findings(trials, answers, source),
        *http.findings(manifest, agreed, answers[of_pages:], source),
        *calls.findings(bundle, manifest, context.connectors),
    ]


def asked(bundle: Bundle, context: GateContext) -> Asked:
    """What the sandbox is to try: forms and mappings on values, recorded answers on their schemas.

    A page that calls the app's own code needs its files as well.
    """
    try:
        trials = pages.trials(bundle.manifest(), context.connectors)
    except ManifestError:
        return Asked({}, ())
    return _asked(bundle, context, trials, http.contracts(bundle.files))


def _asked(
    bundle: Bundle, context: GateContext, trials: Sequence[pages.Trial], agreed: Sequence[http.Contract]
) -> Asked:
    """The questions, and the app's own code with its packages where a page calls it."""
    files = code_of(bundle) if any(functions(trial.page) for trial in trials) else {}
    questions = (
        *(question for trial in trials for question in trial.questions),
        *(contract.question for contract in agreed),
    )
    return Asked(files, questions, installed(bundle, context.packages) if files else None)
