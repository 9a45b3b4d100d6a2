"""The evidence: every step is in the ledger, and the ledger proves itself offline."""

import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from infra.local.story.cast import Story
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
        _appguard("audit", "export", str(target))
        said = _appguard("audit", "verify", str(target))
    return " ".join(said.split())[:200]


def reported(story: Story) -> str:
    """The compliance report of today stands in the ledger's bucket, under Object Lock."""
    written = story.ground.invoke("appguard-reports-compliance", {"time": story.seen["now"]})
    bucket = story.ground.outputs["LedgerBucket"]
    s3 = story.ground.client("s3")
    keys = [item["Key"] for item in s3.list_objects_v2(Bucket=bucket, Prefix="reports/").get("Contents", [])]
    page = next((key for key in sorted(keys, reverse=True) if key.endswith(".html")), None)
    check(page, f"no report was written: {written}")
    text = s3.get_object(Bucket=bucket, Key=page)["Body"].read().decode()
    check(story.app_id in text, "the report does not know the app")
    locked = s3.head_object(Bucket=bucket, Key=page).get("ObjectLockMode")
    check(locked == "COMPLIANCE", f"the report's lock is {locked}")
    return f"{page}: inventory, approvals, data access, denials, ledger verification"


def entries(*filters: str) -> list[dict[str, Any]]:
    """The ledger's entries that pass the filters of `appguard audit search`."""
    found: list[dict[str, Any]] = json.loads(_appguard("audit", "search", *filters, "--format", "json"))
    return found


def _appguard(*words: str) -> str:
    command = [str(Path(sys.executable).with_name("appguard")), *words]
    # With AWS settings of the caller's own the command would look at that account instead.
    local = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    run = subprocess.run(command, capture_output=True, text=True, check=False, env=local)
    if run.returncode:
        raise NotAsTold(f"appguard {' '.join(words)}: {(run.stdout + run.stderr).strip()[-600:]}")
    return run.stdout
