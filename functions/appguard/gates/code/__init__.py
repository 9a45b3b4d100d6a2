"""Gate: the code of a bundle, examined without being run.

An allow-list over the syntax tree decides; bandit and semgrep add what a list of names cannot see.
"""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

from appguard.apps.bundle import Bundle
from appguard.gates import sources
from appguard.gates.code import allowlist, foreign
from appguard.gates.code.model import finding
from appguard.gates.model import GateContext
from appguard.gates.sources import Source, Unreadable
from appguard.kernel.finding import Finding, Severity
from appguard.packages.requirements import FILE


def check(bundle: Bundle, context: GateContext) -> list[Finding]:
    """What is wrong with each file, in order of lines; no tool starts without Python to read."""
    readable, unreadable = sources.read(bundle)
    ours = [*foreign.check(bundle), *map(_refused, unreadable)]
    if readable:
        with ThreadPoolExecutor(1) as pool:
            tools = pool.submit(_tools, readable, context)
            modules = context.packages.of(bundle.files.get(FILE, b"")).modules
            ours += allowlist.check(readable, bundle, modules)
            ours = merged(ours, *tools.result())
    return sorted(ours, key=lambda found: (found.path or "", found.line or 0, found.rule))


def _refused(file: Unreadable) -> Finding:
    return finding(
        "code-unreadable",
        f"{file.path} cannot be examined: {file.why}.",
        "Save it as plain UTF-8 Python that runs; split what is long or deeply nested.",
        file.path,
        file.line,
    )


def merged(ours: Iterable[Finding], *theirs: Iterable[Finding]) -> list[Finding]:
    """One voice a line: the first to speak is heard, a later one only if it weighs more."""
    kept = list(ours)
    for voices in theirs:
        said: dict[tuple[str | None, int | None], int] = {}
        for found in kept:
            place = (found.path, found.line)
            said[place] = min(said.get(place, len(Severity)), _weight(found))
        kept += [
            found for found in voices if _weight(found) < said.get((found.path, found.line), len(Severity))
        ]
    return kept


def _weight(found: Finding) -> int:
    return list(Severity).index(found.severity)


def _tools(readable: Sequence[Source], context: GateContext) -> tuple[list[Finding], list[Finding]]:
    """Both tools at the same time; semgrep's remedies know connectors, so it is heard first."""
    from appguard.gates.code import bandit, semgrep  # noqa: PLC0415 - only when there is code to look at
    from appguard.gates.code.workshop import workshop  # noqa: PLC0415

    with workshop(readable) as places, ThreadPoolExecutor(1) as pool:
        others = pool.submit(lambda: list(bandit.check(places)))
        return list(semgrep.check(places, context.policies)), others.result()
