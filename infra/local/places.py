"""Where the local platform keeps its things."""

import os
from pathlib import Path

from pydantic import TypeAdapter

ROOT = Path(__file__).resolve().parents[2]
CHOSEN = "context.json"


def home() -> Path:
    """The state folder: `.appguard` in the checkout, or `APPGUARD_HOME` for a second platform beside it."""
    folder = Path(os.environ.get("APPGUARD_HOME", ROOT / ".appguard")).resolve()
    folder.mkdir(parents=True, exist_ok=True, mode=0o755)
    return folder


def log_of(service: str) -> Path:
    """The log file of one service."""
    folder = home() / "logs"
    folder.mkdir(exist_ok=True)
    return folder / f"{service}.log"


def sources_file() -> Path:
    """Which Git services this platform believes: a copy of the policies' own, to be changed at will."""
    file = home() / "sources.yaml"
    if not file.exists():
        file.write_bytes((ROOT / "policies" / "sources.yaml").read_bytes())
    return file


def chosen_context() -> dict[str, str]:
    """What this platform is deployed with besides: the file holds what `-c name=value` says on AWS."""
    file = home() / CHOSEN
    return TypeAdapter(dict[str, str]).validate_json(file.read_bytes()) if file.exists() else {}
