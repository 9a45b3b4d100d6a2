"""The evidence: every step is in the ledger, and the ledger proves itself offline."""

import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from infra.local.story.cast import ANA, Story
from infra.local.story.ground import until
from infra.local.story.teller import NotAsTold, check

EXPECTED = {
    "app.created",
    "app.drafted",
    "app.submitted",
    "app.refused",
    "app.approved",
    "app.published",
    "approval.asked",
    "approval.denied",
    "approval.decided",
    "data.read",
    "data.write",
    "data.exported",
}


def sealed(story: Story) -> str:
    """What happened stands in the ledger, denials included."""

    def all_there() -> list[dict[str, Any]] | None:
        found = entries("--app", story.app_id)
        return None if _missing(found) else found

    try:
        sealed_entries = until(all_there, "the entries", 120)
    except NotAsTold:
        missing = _missing(entries("--app", story.app_id))
        raise NotAsTold(f"not in the ledger: {', '.join(missing)}") from None
    denied = [entry for entry in sealed_entries if entry["result"] == "denied"]
    check(any(entry["action"] == "data.exported" for entry in denied), "the refused export is not recorded")
    return (
        f"{len(sealed_entries)} entries about the app, {len(denied)} of them denials, the export among them"
    )


def _missing(found: list[dict[str, Any]]) -> list[str]:
    return sorted(EXPECTED - {entry["action"] for entry in found})


def verified(story: Story) -> str:
    """The auditor exports the ledger and verifies it offline with the public key alone."""
    with TemporaryDirectory() as folder:
        target = Path(folder) / "ledger"
        appguard("audit", "export", str(target))
        said = appguard("audit", "verify", str(target))
    return " ".join(said.split())[:200]


def answered(story: Story) -> str:
    """Ana learns who saw her data: every access that brought it to her or to her manager, and no other."""
    found = json.loads(appguard("data", "who-saw", ANA, "--connector", "hr-db", "--format", "json"))
    told = {each["event_id"] for each in found["sightings"] if each["app_id"] == story.app_id}
    accesses = [entry for entry in entries("--app", story.app_id, "--result", "success") if _personal(entry)]
    own = {entry["event_id"] for entry in accesses if entry["actor"]["id"] == ANA}
    team = {entry["event_id"] for entry in accesses if "/team_" in entry["resource"]["id"]}
    check(own and own <= told, f"not told of {own - told}")
    check(told <= own | team, f"told of what was not about her: {told - own - team}")
    return (
        f"{len(told)} accesses to Ana's data, {len(told - own)} of them by her manager, each with its entry"
    )


def _personal(entry: dict[str, Any]) -> bool:
    """Whether an access brought or changed personal data."""
    about = entry["metadata"]
    return bool(about.get("rows")) and "personal" in about.get("classes", ())


def entries(*filters: str) -> list[dict[str, Any]]:
    """The ledger's entries that pass the filters of `appguard audit search`."""
    found: list[dict[str, Any]] = json.loads(appguard("audit", "search", *filters, "--format", "json"))
    return found


def appguard(*words: str) -> str:
    """What the command prints about the platform of the story; raises `NotAsTold` when it fails."""
    command = [str(Path(sys.executable).with_name("appguard")), *words]
    # With AWS settings of the caller's own the command would look at that account instead.
    local = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    run = subprocess.run(command, capture_output=True, text=True, check=False, env=local)
    if run.returncode:
        raise NotAsTold(f"appguard {' '.join(words)}: {(run.stdout + run.stderr).strip()[-600:]}")
    return run.stdout
