"""`appguard check --fix`: make the changes that findings carry, written as safely as they were read."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from difflib import unified_diff
from pathlib import Path
from secrets import token_hex

from appguard.apps.bundle import Bundle
from appguard.gates.limits import SECONDS
from appguard.gates.model import GateContext, Report
from appguard.gates.runner import Tell, run
from appguard.kernel.errors import Conflict
from appguard.kernel.finding import Severity
from appguard.kernel.fix import Fix, apply, compatible

ROUNDS = 10
_NO_LINK = os.O_NOFOLLOW | os.O_CLOEXEC


def mended(bundle: Bundle, context: GateContext, tell: Tell) -> tuple[Bundle, Report]:
    """The bundle after every fix that can be made, and the report on it.

    What a mistake hid is looked at again: behind a connector's wrong name stand its wrong queries.
    """
    report = run(bundle, context, tell=tell)
    for _ in range(ROUNDS):
        after = _settled(bundle, context, {finding.gate for finding in report.findings if finding.fix})
        if after.digest == bundle.digest:
            break
        bundle, report = after, run(after, context, tell=tell)
    return bundle, report


def _settled(bundle: Bundle, context: GateContext, gates: set[str]) -> Bundle:
    """The bundle once these gates, which are fewer and so quicker than all, have no more to mend."""
    seconds = {gate: SECONDS[gate] for gate in SECONDS if gate in gates}
    for _ in range(ROUNDS if seconds else 0):
        fixes = _next(run(bundle, context, seconds=seconds))
        files = {path: _applied(bundle, path, each) for path, each in fixes.items()}
        after = Bundle({**bundle.files, **files})
        if after.digest == bundle.digest:
            break
        bundle = after
    return bundle


def diff(before: Bundle, after: Bundle) -> str:
    """What changed, as a unified diff."""
    return "".join(
        line if line.endswith("\n") else f"{line}\n"
        for path in before.files
        if before.files[path] != after.files[path]
        for line in unified_diff(
            before.files[path].decode().splitlines(keepends=True),
            after.files[path].decode().splitlines(keepends=True),
            f"a/{path}",
            f"b/{path}",
        )
    )


def write(folder: Path, before: Bundle, after: Bundle) -> None:
    """Replace each changed file at once; raises `Conflict` if it cannot or the folder has changed."""
    if Bundle.from_dir(folder).digest != before.digest:
        raise Conflict("The folder changed while it was checked; nothing was written", "Check it again.")
    for path, content in after.files.items():
        if content != before.files[path]:
            try:
                with _parent(folder, path) as parent:
                    _replace(parent, Path(path).name, content)
            except OSError as error:
                raise Conflict(
                    f"{folder / path} cannot be written: {error.strerror}",
                    "Make the folder writable, or leave --fix out.",
                ) from None


def _next(report: Report) -> Mapping[str, list[Fix]]:
    """The fixes of the weightiest findings that have any, by file."""
    for severity in Severity:
        by_file: dict[str, list[Fix]] = {}
        for finding in report.findings:
            if finding.severity is severity and finding.fix:
                by_file.setdefault(finding.fix.path, []).append(finding.fix)
        if by_file:
            return by_file
    return {}


def _applied(bundle: Bundle, path: str, fixes: list[Fix]) -> bytes:
    text = bundle.files[path].decode()
    return apply(text, [edit for fix in compatible(text, fixes) for edit in fix.edits]).encode()


@contextmanager
def _parent(folder: Path, path: str) -> Iterator[int]:
    """The open folder a file stands in, reached without following a link."""
    here = os.open(folder.resolve(), os.O_RDONLY | os.O_DIRECTORY | _NO_LINK)
    try:
        for part in Path(path).parts[:-1]:
            inside = os.open(part, os.O_RDONLY | os.O_DIRECTORY | _NO_LINK, dir_fd=here)
            os.close(here)
            here = inside
        yield here
    finally:
        os.close(here)


def _replace(parent: int, name: str, content: bytes) -> None:
    """Write beside the file and put it in its place: a reader finds the old file or the new one, whole."""
    mode = os.stat(name, dir_fd=parent, follow_symlinks=False).st_mode & 0o777
    part = f".{token_hex(8)}.part"
    written = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_LINK, mode, dir_fd=parent)
    try:
        with os.fdopen(written, "wb") as file:
            file.write(content)
            file.flush()
            os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
        os.replace(part, name, src_dir_fd=parent, dst_dir_fd=parent)
    except OSError:
        with suppress(FileNotFoundError):
            os.unlink(part, dir_fd=parent)
        raise
