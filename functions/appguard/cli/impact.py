"""`appguard policy impact`: what a change of the rules would do to the apps in use."""

import json
from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from appguard.apps.bundle import MANIFEST, Bundle
from appguard.apps.yaml_source import ManifestError
from appguard.cli.git_policies import WORKTREE, version
from appguard.cli.parallel import side_by_side
from appguard.gates.model import GateContext
from appguard.gates.subject import subject
from appguard.kernel.errors import AppGuardError
from appguard.kernel.files import policies_dir
from appguard.policy.impact import HEADINGS, Impact, Kind, Subject

IMPOSSIBLE = 3


class Format(StrEnum):
    """How to report."""

    TEXT = "text"
    JSON = "json"


def impact(
    from_: Annotated[str, typer.Option("--from", metavar="REF", help="The version in force.")],
    to: Annotated[str, typer.Option("--to", metavar="REF", help="The version to come.")] = WORKTREE,
    apps: Annotated[
        Path | None,
        typer.Option("--apps", help="A folder of app folders or stored inputs (*.json); else the platform."),
    ] = None,
    format_: Annotated[Format, typer.Option("--format", help="How to report.")] = Format.TEXT,
    policies: Annotated[
        Path | None, typer.Option("--policies", help="The policies folder; else the platform's own.")
    ] = None,
) -> None:
    """Replay two versions of the policies over every active app. REF is a Git ref, or WORKTREE.

    Exits 1 when an app would be newly refused, 2 when one would newly need approval, 0 otherwise.
    """
    folder = policies or policies_dir()
    unreadable: list[str] = []
    try:
        before, after = version(from_, folder), version(to, folder)
        subjects = _of_folder(apps, unreadable.append) if apps else _of_platform(unreadable.append)
        found = side_by_side(before, after, subjects)
    except AppGuardError as error:
        typer.echo(f"appguard policy: {error.message}\n{error.advice}", err=True)
        raise typer.Exit(IMPOSSIBLE) from None
    found = found.model_copy(update={"unreadable": tuple(unreadable)})
    typer.echo(json.dumps(_document(found), indent=2) if format_ is Format.JSON else _text(found))
    raise typer.Exit(1 if found.of_kind(Kind.REFUSED) else 2 if found.of_kind(Kind.NEEDS_APPROVAL) else 0)


def _of_folder(folder: Path, lost: Callable[[str], None]) -> Iterator[Subject]:
    """Bundles and stored inputs below `folder`, one at a time; `lost` is told what cannot be read."""
    if not folder.is_dir():
        raise typer.BadParameter(f"{folder} is not a folder")
    context = GateContext.of_platform()
    for path in sorted(folder.iterdir()):
        try:
            if path.suffix == ".json":
                yield Subject(app_id=path.stem, document=json.loads(path.read_bytes()))
            elif (path / MANIFEST).is_file():
                bundle = Bundle.from_dir(path)
                yield Subject(app_id=bundle.manifest().metadata.id, document=subject(bundle, context))
        except (AppGuardError, ManifestError, OSError, ValueError, RecursionError):
            lost(path.name)


def _of_platform(lost: Callable[[str], None]) -> Iterator[Subject]:
    """What the reviews of all active apps kept."""
    from appguard.cli.ledger_access import enter  # noqa: PLC0415 - a folder of apps needs no AWS
    from appguard.gates.replay import active_inputs  # noqa: PLC0415 - likewise

    enter()
    return active_inputs(lost)


def _document(found: Impact) -> dict[str, object]:
    return {
        "from": found.before,
        "to": found.after,
        "examined": found.examined,
        "unchanged": found.unchanged,
        **{
            kind.value: [c.model_dump(mode="json", exclude={"kind"}) for c in found.of_kind(kind)]
            for kind in Kind
        },
        "unreadable": list(found.unreadable),
    }


def _text(found: Impact) -> str:
    lines = [f"{found.examined} apps; {found.unchanged} unchanged"]
    for kind, heading in HEADINGS.items():
        changes = found.of_kind(kind)
        lines += [f"{heading}: {len(changes)}"] if changes else []
        for each in changes:
            rules = [*(f"+{rule}" for rule in each.appeared), *(f"-{rule}" for rule in each.disappeared)]
            lines.append(f"  {each.app_id}: {each.before.value} -> {each.after.value} ({', '.join(rules)})")
    if found.unreadable:
        lines.append(f"Not examined, for it cannot be read: {', '.join(found.unreadable)}")
    return "\n".join(lines)
