"""Tools we run in the foreground."""

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from infra.local.errors import CommandFailed


def run(
    command: Sequence[str | Path],
    environment: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    stdin: str = "",
) -> str:
    """Run to the end and return what was printed; raises `CommandFailed` with the end of what was said."""
    words = [str(part) for part in command]
    done = subprocess.run(
        words, env=environment, cwd=cwd, input=stdin, capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = "\n".join((done.stdout + done.stderr).strip().splitlines()[-25:])
        raise CommandFailed(f"`{Path(words[0]).name} {' '.join(words[1:3])}` failed:\n{said}")
    return done.stdout
