"""Gate: the app's own tests and the manifest's examples, run where they can do no harm.

That a test passes is the word of the code under test, and counts as nothing but the absence of a
finding here; no other gate hears of it. What is a finding is decided outside of that code.
"""

from appguard.apps.bundle import Bundle
from appguard.gates.model import GateContext
from appguard.gates.positions import document
from appguard.gates.sandbox.model import Asked
from appguard.gates.tests import code, examples
from appguard.kernel.clock import utc_now
from appguard.kernel.finding import Finding
from appguard.runtime.trial.collect import is_test


def check(bundle: Bundle, context: GateContext) -> list[Finding]:
    """Every test that fails, runs away or breaks out, and every example that does not hold."""
    files, questions = asked(bundle)
    if not files and not questions:
        return []
    report = context.sandbox.run(files, questions)
    return [*code.findings(files, report), *examples.findings(examples.of(bundle), report, document(bundle))]


def asked(bundle: Bundle) -> Asked:
    """What the sandbox is to run: no file where there is no test, and the examples as questions."""
    files = dict(bundle.files) if any(map(is_test, bundle.files)) else {}
    return Asked(files, examples.questions(examples.of(bundle), utc_now().date().isoformat()))
