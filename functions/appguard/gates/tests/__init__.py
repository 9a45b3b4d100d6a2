"""Gate: the app's own tests and the manifest's examples, run where they can do no harm.

That a test passes is the word of the code under test, and counts as nothing but the absence of a
finding here; no other gate hears of it. What is a finding is decided outside of that code.
"""

from appguard.apps.bundle import Bundle
from appguard.gates.hooks import code_of
from appguard.gates.model import GateContext
from appguard.gates.positions import document
from appguard.gates.sandbox.installed import installed
from appguard.gates.sandbox.model import Asked
from appguard.gates.tests import code, examples
from appguard.kernel.clock import utc_now
from appguard.kernel.finding import Finding
from appguard.runtime.pages import functions
from appguard.runtime.trial.collect import is_test


def check(bundle: Bundle, context: GateContext) -> list[Finding]:
    """Every test that fails, runs away or breaks out, and every example that does not hold."""
    files, questions, packages = asked(bundle, context)
    if not files and not questions:
        return []
    report = context.sandbox.run(files, questions, packages)
    tested = files if any(map(is_test, files)) else {}
    return [
        *code.findings(tested, report),
        *examples.findings(examples.of(bundle), report, document(bundle)),
    ]


def asked(bundle: Bundle, context: GateContext) -> Asked:
    """What the sandbox is to run: tests, examples as questions, and the code and packages they need."""
    known = examples.of(bundle)
    files = dict(bundle.files) if any(map(is_test, bundle.files)) else {}
    if any(functions(example.page) for example in known):
        files = files or code_of(bundle)
    questions = examples.questions(bundle, context, known, utc_now().date().isoformat())
    return Asked(files, questions, installed(bundle, context.packages) if files else None)
