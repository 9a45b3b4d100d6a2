"""A version of the policies folder by its Git ref, or the working copy by the word `WORKTREE`."""

import os
import re
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from appguard.kernel.errors import Invalid
from appguard.policy.errors import PolicyUnusable
from appguard.policy.files import load
from appguard.policy.model import PolicyFiles

WORKTREE = "WORKTREE"
MAX_BYTES = 20_000_000
SECONDS = 30
_REF = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_./~^@{}+-]{0,200}")
_COMMIT = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")


def version(ref: str, folder: Path) -> PolicyFiles:
    """The policies of `folder` as they stood at `ref`; raises `Invalid` or `PolicyUnusable`."""
    if ref == WORKTREE:
        return load(folder)
    with _at(ref, folder) as then:
        return load(then)


@contextmanager
def _at(ref: str, folder: Path) -> Iterator[Path]:
    """The folder at a commit, unpacked into a place of its own.

    What a person typed reaches git as the one operand of `rev-parse`, and only if it cannot be an option.
    """
    top = Path(_git(folder, "rev-parse", "--show-toplevel").decode().strip())
    commit = _commit(ref, folder)
    inside = folder.resolve().relative_to(top.resolve()).as_posix()
    packed = _git(top, "archive", "--format=tar", commit, "--", inside)
    with TemporaryDirectory(prefix="appguard-policies-") as scratch:
        with tarfile.open(fileobj=BytesIO(packed)) as archive:
            archive.extractall(scratch, filter="data")
        yield Path(scratch, inside)


def _commit(ref: str, folder: Path) -> str:
    advice = f"Name a branch, a tag, a hash or {WORKTREE}."
    if not _REF.fullmatch(ref):
        raise Invalid(f"{ref!r:.100} is not the name of a commit", advice)
    try:
        found = _git(folder, "rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}").decode().strip()
    except Invalid:
        raise Invalid(f"there is no commit {ref}", advice) from None
    if not _COMMIT.fullmatch(found):
        raise Invalid(f"{ref} names more than a commit", advice)
    return found


def _git(folder: Path, *arguments: str) -> bytes:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    command = ["git", "-C", str(folder), *arguments]
    try:
        done = subprocess.run(  # noqa: S603 - no shell, and only `_commit` passes on what a person typed
            command,
            capture_output=True,
            timeout=SECONDS,
            env={**environment, "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"},
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise PolicyUnusable(f"git did not run: {error.__class__.__name__}") from None
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise Invalid(f"git cannot show that version: {said[-1] if said else arguments[0]:.200}")
    if len(done.stdout) > MAX_BYTES:
        raise PolicyUnusable(f"the policies of that version are larger than {MAX_BYTES:,} bytes")
    return done.stdout
