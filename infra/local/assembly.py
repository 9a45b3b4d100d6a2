"""The synthesized CDK app for the local target, made again only when its sources change."""

import hashlib
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from infra.bundle import build
from infra.local.node import cdk
from infra.local.places import ROOT, home

FILES = ("app.py", "cdk.json", "pyproject.toml", "uv.lock")
FOLDERS = ("functions", "infra", "policies", "statemachines")
NOT_DEPLOYED = {"__pycache__", "node_modules", "cdk.out", "cli", "lint", "local"}


def synthesize(context: Mapping[str, str]) -> Path:
    """The assembly folder, named by a digest of all that decides it."""
    digest = _digest(context)
    folder = home() / "assembly" / digest
    if not (folder / "manifest.json").exists():
        build("local")
        shutil.rmtree(folder.parent, ignore_errors=True)
        part = folder.with_suffix(".part")
        words = [word for name, value in context.items() for word in ("--context", f"{name}={value}")]
        cdk("synth", "--quiet", "--app", f"{sys.executable} app.py", "--output", part, *words, environment={})
        part.rename(folder)
    return folder


def _digest(context: Mapping[str, str]) -> str:
    """Of sources and context, by name and content."""
    summed = hashlib.sha256(repr(sorted(context.items())).encode())
    for file in _sources():
        summed.update(f"{file.relative_to(ROOT)} {hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    return summed.hexdigest()[:24]


def _sources() -> Iterator[Path]:
    """Every file that synthesis or the assets read."""
    yield from (ROOT / name for name in FILES if (ROOT / name).exists())
    for folder in FOLDERS:
        for file in sorted((ROOT / folder).rglob("*")):
            if file.is_file() and not NOT_DEPLOYED.intersection(file.relative_to(ROOT).parts):
                yield file
