"""Gate: the app's own tests and the manifest's examples, run where they can do no harm.

That a test passes is the word of the code under test, and counts as nothing but the absence of a
finding here; no other gate hears of it. What is a finding is decided outside of that code.
"""

from appguard.apps.bundle import Bundle
from appguard.gates.model import GateContext
from appguard.gates.positions import document
from appguard.gates.sandbox.model import Asked, Packages
from appguard.gates.tests import code, examples
from appguard.kernel.clock import utc_now
from appguard.kernel.finding import Finding
from appguard.packages.requirements import FILE
from appguard.runtime.trial.collect import is_test


def check(bundle: Bundle, context: GateContext) -> list[Finding]:
    """Every test that fails, runs away or breaks out, and every example that does not hold."""
    files, questions, packages = asked(bundle, context)
    if not files and not questions:
        return []
    report = context.sandbox.run(files, questions, packages)
    return [*code.findings(files, report), *examples.findings(examples.of(bundle), report, document(bundle))]


def asked(bundle: Bundle, context: GateContext) -> Asked:
    """What the sandbox is to run: no file where there is no test, and the examples as questions."""
    files = dict(bundle.files) if any(map(is_test, bundle.files)) else {}
    questions = examples.questions(examples.of(bundle), utc_now().date().isoformat())
    return Asked(files, questions, _packages(bundle, context) if files else None)


def _packages(bundle: Bundle, context: GateContext) -> Packages | None:
    """What requirements.txt installs; nothing where the dependencies gate has something to say about it."""
    installed = context.packages.of(bundle.files.get(FILE, b"")).installed
    if installed is None or context.packages.index is None:
        return None
    return Packages(url=context.packages.index.place(installed), sha256=installed)
