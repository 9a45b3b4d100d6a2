"""Read a Git repository that may be hostile: no hook, helper, filter, pager or remote of its may run.

A repository's own configuration can name programs (`core.fsmonitor`, `diff.*.textconv`, `gpg.program`,
`core.sshCommand`, …). So only plumbing is called, which reads objects and asks nobody: `rev-list`,
`diff-tree` and `cat-file`, without attributes, with every transport forbidden and an environment of ours.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from threading import Timer
from time import monotonic

from appguard.gates.model import GateFailed

SECONDS = 15.0
MOST_COMMITS = 20_000
MOST_VERSIONS = 2_000
MOST_BYTES = 16 * 1024 * 1024
MOST_PRINTED = 2 * MOST_BYTES

_SETTINGS = {
    "core.fsmonitor": "false",
    "core.hooksPath": os.devnull,
    "core.pager": "cat",
    "core.sshCommand": "false",
    "core.attributesFile": os.devnull,
    "core.commitGraph": "false",
    "credential.helper": "",
    "diff.external": "",
    "gpg.program": "false",
    "log.showSignature": "false",
    "protocol.allow": "never",
    "safe.bareRepository": "explicit",  # a bare repository among the files would divert the search
    "safe.directory": "*",
}


@dataclass(frozen=True)
class Version:
    """A file as one commit left it: the first commit that held exactly this content."""

    commit: str
    path: str
    content: bytes


def repository(folder: Path) -> Path | None:
    """`folder` if it lies in a Git repository: it or a folder above holds `.git`."""
    whole = folder.resolve()
    return whole if any((parent / ".git").exists() for parent in (whole, *whole.parents)) else None


@dataclass(frozen=True)
class Past:
    """What a repository holds of a folder. `shallow` if older commits were never fetched."""

    versions: tuple[Version, ...]
    shallow: bool


def past(folder: Path) -> Past:
    """Every version that any branch, tag or stash holds of a file below `folder`, the oldest first.

    Raises `GateFailed` when git is missing, errs or takes too long, or when there is more than the limits.
    """
    with TemporaryDirectory(prefix="appguard-git-") as home:
        git = _Git(folder, Path(home), monotonic() + SECONDS)
        prefix = git.ask("rev-parse", "--show-prefix").decode(errors="surrogateescape").rstrip("\n")
        commits = git.ask("rev-list", "--all", "--reverse", "--topo-order", f"--max-count={MOST_COMMITS + 1}")
        if commits.count(b"\n") > MOST_COMMITS:
            raise GateFailed(f"the repository has more than {MOST_COMMITS:,} commits")
        blobs = dict(_blobs(git.ask(*_CHANGES, "--", ".", given=commits), prefix))
        if len(blobs) > MOST_VERSIONS:
            raise GateFailed(f"the history holds more than {MOST_VERSIONS:,} versions of files")
        shallow = git.ask("rev-parse", "--is-shallow-repository").strip() != b"false"
        return Past(tuple(_contents(git, blobs)), shallow)


# -m: also what a merge alone brought in; --no-ext-diff and --no-textconv although --raw shows no content.
_CHANGES = ("diff-tree", "--stdin", "--root", "-r", "-m", "-z", "--raw", "--no-renames", "--no-abbrev",
            "--no-ext-diff", "--no-textconv")  # fmt: skip


def _blobs(raw: bytes, prefix: str) -> Iterator[tuple[str, tuple[str, str]]]:
    """Each blob once, with the commit and the path it appeared at first."""
    seen: set[str] = set()
    commit, fields = "", iter(raw.split(b"\0"))
    for field in fields:
        if not field.startswith(b":"):
            commit = field.strip().decode(errors="replace") or commit
            continue
        _, mode, _, blob, status = field.decode(errors="replace").split(" ")
        path = next(fields).decode(errors="replace").removeprefix(prefix)
        if mode in ("100644", "100755", "120000") and status != "D" and blob not in seen:
            seen.add(blob)
            yield blob, (commit, path)


def _contents(git: "_Git", blobs: dict[str, tuple[str, str]]) -> Iterator[Version]:
    names = "".join(f"{blob}\n" for blob in blobs).encode()
    sizes = git.ask("cat-file", "--batch-check=%(objecttype) %(objectsize)", given=names).split(b"\n")
    total = sum(int(size.rpartition(b" ")[2]) for size in sizes if size.startswith(b"blob "))
    if total > MOST_BYTES:
        raise GateFailed(f"the history holds more than {MOST_BYTES:,} bytes")
    answer, at = git.ask("cat-file", "--batch", given=names), 0
    for blob, (commit, path) in blobs.items():
        head, _, _ = answer[at:].partition(b"\n") if at < len(answer) else (b"", b"", b"")
        name, _, size = head.decode(errors="replace").rpartition(" ")
        if name != f"{blob} blob":
            raise GateFailed("the history is incomplete: a version of a file is missing")
        start = at + len(head) + 1
        yield Version(commit, path, answer[start : start + int(size)])
        at = start + int(size) + 1


class _Git:
    """git, in one folder, with a deadline and nothing of the caller's or the repository's environment."""

    def __init__(self, folder: Path, home: Path, deadline: float) -> None:
        program = shutil.which("git")
        if program is None:
            raise GateFailed("git is not installed")
        settings = [word for key, value in _SETTINGS.items() for word in ("-c", f"{key}={value}")]
        self._command = [program, *settings, "--no-pager", "--literal-pathspecs", "-C", str(folder)]
        self._deadline = deadline
        self._environment = {
            "PATH": os.defpath, "HOME": str(home), "LC_ALL": "C",
            "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_ATTR_NOSYSTEM": "1",
            "GIT_NO_REPLACE_OBJECTS": "1", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0",
            "GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": "none", "GIT_PAGER": "cat",
        }  # fmt: skip

    def ask(self, *arguments: str, given: bytes = b"") -> bytes:
        """What one command prints; raises `GateFailed` if it fails in any way."""
        with TemporaryFile() as words:
            words.write(given)
            words.seek(0)
            try:
                process = subprocess.Popen(  # noqa: S603 - git itself, no shell, words chosen here
                    [*self._command, *arguments],
                    stdin=words,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    env=self._environment,
                )
            except OSError as error:
                raise GateFailed(f"git did not run: {error.__class__.__name__}") from None
            return self._read(process)

    def _read(self, process: "subprocess.Popen[bytes]") -> bytes:
        """At most so many bytes, for at most so long: a repository can make git print without end."""
        timer = Timer(max(0.1, self._deadline - monotonic()), process.kill)
        timer.start()
        with process, process.stdout or BytesIO() as output:
            printed = output.read(MOST_PRINTED + 1)
            if len(printed) > MOST_PRINTED:
                process.kill()
            code = process.wait()
        timer.cancel()
        if len(printed) > MOST_PRINTED:
            raise GateFailed(f"git printed more than {MOST_PRINTED:,} bytes")
        if code < 0:
            raise GateFailed(f"git took longer than {SECONDS:.0f} seconds")
        if code:
            raise GateFailed(f"git could not read the repository (code {code})")
        return printed
