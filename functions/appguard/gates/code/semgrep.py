"""semgrep with rules of our own, `policies/semgrep/python.yaml`: shapes and values that names do not show.

Its core is called directly (decision 0004), without network and without the command line around it.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from appguard.gates.code.core import core
from appguard.gates.code.model import finding
from appguard.gates.code.workshop import run
from appguard.gates.model import GateFailed
from appguard.gates.sources import Source
from appguard.kernel.finding import Finding, Severity

RULES = "semgrep/python.yaml"
MEGABYTES = 1536
SECONDS_A_RULE = 5


def check(places: Mapping[Path, Source], policies: Path) -> Iterator[Finding]:
    """The findings of our rules; the core reports what `# nosemgrep` would hide, and so do we."""
    folder = next(iter(places)).parent.parent
    targets = [
        ["CodeTarget", {"path": str(place), "analyzer": "python", "products": ["sast"]}] for place in places
    ]
    (folder / "targets.json").write_text(json.dumps(["Targets", targets]))
    command = (
        str(core()), "-rules", str(policies / RULES), "-targets", str(folder / "targets.json"),
        "-json_nodots", "-no_filter_irrelevant_rules", "-timeout", str(SECONDS_A_RULE),
        "-timeout_threshold", "0", "-max_memory", str(MEGABYTES // 2),
    )  # fmt: skip
    told = run("semgrep", command, folder, {}, MEGABYTES)
    try:
        if {Path(name) for name in told["paths"]["scanned"]} != set(places) or told["skipped_rules"]:
            raise GateFailed("semgrep did not look at every file by every rule")
        for error in told["errors"]:
            yield _not_understood(error, places)
        for found in told["results"]:
            yield _finding(found, places[Path(found["path"])])
    except (KeyError, TypeError, ValueError):
        raise GateFailed("semgrep answered in an unknown form") from None


def _not_understood(error: Mapping[str, Any], places: Mapping[Path, Source]) -> Finding:
    """A file it could not read whole asks for a reader: the allow-list, which decides, has read all of it.

    A rule it could not read is ours to repair.
    """
    source = places.get(Path(error["location"]["path"])) if "location" in error else None
    if source is None:
        raise GateFailed("semgrep could not use its rules")
    return finding(
        "code-half-read",
        f"{source.path} was not examined whole: semgrep does not understand what stands here.",
        "Write it in plainer Python, one statement a line; otherwise a reviewer reads it.",
        source.path,
        error["location"]["start"]["line"],
        Severity.APPROVE,
    )


def _finding(found: Mapping[str, Any], source: Source) -> Finding:
    said = found["extra"]
    return finding(
        found["check_id"],
        f"{source.path}: {said['message']}",
        said["metadata"]["remediation"],
        source.path,
        found["start"]["line"],
        Severity(said["metadata"]["severity"]),
    )
