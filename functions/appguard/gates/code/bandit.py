"""bandit: misuse of what is allowed, such as broken hashes or letters that hide the order of code."""

import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from appguard.gates.code.model import finding
from appguard.gates.code.workshop import run
from appguard.gates.model import GateFailed
from appguard.gates.sources import Source
from appguard.kernel.finding import Finding, Severity

# asserts belong to tests; randomness is for lots and samples; imports are the allow-list's; passwords
# are the secrets gate's.
SKIPPED = "B101,B105,B106,B107,B311,B401,B402,B403,B404,B405,B406,B407,B408,B409,B411,B412,B413,B415"
MEGABYTES = 1024
_SEVERITY = {"HIGH": Severity.BLOCK, "MEDIUM": Severity.APPROVE, "LOW": Severity.WARN}


def check(places: Mapping[Path, Source]) -> Iterator[Finding]:
    """What bandit finds; `# nosec` is disregarded."""
    folder = next(iter(places)).parent
    command = (
        sys.executable, "-P", "-m", "bandit", "--recursive", str(folder), "--format", "json", "--quiet",
        "--ignore-nosec", "--skip", SKIPPED,
    )  # fmt: skip
    told = run("bandit", command, folder.parent, {"PYTHONPATH": os.pathsep.join(sys.path)}, MEGABYTES)
    try:
        looked_at = {Path(name) for name in told["metrics"] if name != "_totals"}
        if told["errors"] or looked_at != set(places):
            raise GateFailed("bandit could not read every file")
        for found in told["results"]:
            yield _finding(found, places[Path(found["filename"])])
    except (KeyError, TypeError, AttributeError):
        raise GateFailed("bandit answered in an unknown form") from None


def _finding(found: Mapping[str, str | int], source: Source) -> Finding:
    return finding(
        "code-misuse",
        f"{source.path}: {found['issue_text']} (bandit {found['test_id']})",
        f"Write it another way; {found['more_info']} shows how.",
        source.path,
        int(found["line_number"]),
        _SEVERITY[str(found["issue_severity"])],
    )
