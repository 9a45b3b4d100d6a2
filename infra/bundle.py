"""How code becomes Lambda assets: `python -m infra.bundle aws|local` builds what synthesis will use.

Synthesis never installs anything. It asks `assets(target)` for files this module built before,
named by a digest of everything that went into them, so a second build of the same sources is free.
"""

import gzip
import hashlib
import os
import platform
import py_compile
import shutil
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.util import cache_from_source
from pathlib import Path

from appguard.portal.guides import GUIDES

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / ".build"
FORMAT = 3  # of the archives; raised when `pack` writes something else from the same sources
EPOCH = (1980, 1, 1, 0, 0, 0)
COMPRESSED = ("semgrep/bin/semgrep-core",)  # unpacked by its function on first use: decision 0004
NOT_SHIPPED = "__pycache__"
ON_A_LAPTOP = ("appguard/cli/", "appguard/connectors/lint/", "appguard/connectors/profiling/")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
VERSION: str = PROJECT["version"]
EXTRAS: Mapping[str, list[str]] = PROJECT["optional-dependencies"]


class NotBuilt(RuntimeError):
    """An asset is missing or older than its sources."""


@dataclass(frozen=True)
class Platform:
    """For which Python and machine wheels are chosen."""

    python: str
    machine: str
    wheels: tuple[str, ...]

    @classmethod
    def aws(cls) -> "Platform":
        """Lambda's python3.13 on Amazon Linux 2023 (glibc 2.34), x86-64: every locked wheel exists for it."""
        wheels = ("--python-platform", "x86_64-manylinux_2_34", "--python-version", "3.13")
        return cls("3.13", "x86_64", wheels)

    @classmethod
    def host(cls) -> "Platform":
        """The Python that runs this: the emulator starts functions with the host's interpreter."""
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        return cls(version, platform.machine(), ("--python-version", version))


PLATFORMS = {"aws": Platform.aws(), "local": Platform.host()}


@dataclass(frozen=True)
class Assets:
    """Zip files ready to be deployed."""

    code: Path
    runtime: Path
    layers: Mapping[str, Path]

    def files(self) -> list[Path]:
        """All of them."""
        return [self.code, self.runtime, *self.layers.values()]


def assets(target: str) -> Assets:
    """The assets that match today's sources; raises `NotBuilt` naming the command that builds them."""
    found = _names(target)
    missing = [file.name for file in found.files() if not file.is_file()]
    if missing:
        raise NotBuilt(f"{', '.join(missing)} not built; run: python -m infra.bundle {target}")
    return found


def build(target: str) -> Assets:
    """Build what is missing for `target`, drop what older sources left, and return all assets."""
    wanted = _names(target)
    wanted.code.parent.mkdir(parents=True, exist_ok=True)
    compiled = PLATFORMS[target].python == Platform.host().python
    if not wanted.code.is_file():
        pack(wanted.code, _code(), compiled=compiled)
    if not wanted.runtime.is_file():
        pack(wanted.runtime, _runtime(), compiled=compiled)
    lacking = {extra: file for extra, file in wanted.layers.items() if not file.is_file()}
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda item: _layer(item[0], item[1], PLATFORMS[target]), lacking.items()))
    for old in set(wanted.code.parent.glob("*.zip")) - set(wanted.files()):
        old.unlink()
    return wanted


def _names(target: str) -> Assets:
    """Where each asset is, or will be."""
    folder, lock = BUILD / target, (ROOT / "uv.lock").read_bytes()
    chosen = PLATFORMS[target]

    def layer(extra: str) -> Path:
        key = hashlib.sha256(
            b"%b %b %b" % (lock, repr(EXTRAS[extra]).encode(), repr((chosen, FORMAT)).encode())
        )
        return folder / f"{extra}-{key.hexdigest()[:16]}.zip"

    return Assets(
        code=folder / f"code-{_digest(_code())}.zip",
        runtime=folder / f"runtime-{_digest(_runtime())}.zip",
        layers={extra: layer(extra) for extra in EXTRAS},
    )


def _code() -> dict[str, Path]:
    """The platform's own code with the policies and the portal's guides beside it, by name in the archive."""
    package = _tree(ROOT / "functions" / "appguard", "appguard")
    shipped = {name: file for name, file in package.items() if not name.startswith(ON_A_LAPTOP)}
    guides = {f"docs/{name}.md": ROOT / "docs" / f"{name}.md" for name in GUIDES}
    return {**shipped, **guides, **_tree(ROOT / "policies", "policies")}


def _runtime() -> dict[str, Path]:
    """The little that runs inside a micro app or the sandbox: untrusted code finds nothing else to read."""
    package = ROOT / "functions" / "appguard"
    return {
        "appguard/__init__.py": package / "__init__.py",
        **_tree(package / "kernel", "appguard/kernel"),
        **_tree(package / "runtime", "appguard/runtime"),
    }


def _tree(folder: Path, prefix: str) -> dict[str, Path]:
    """Files under `folder` by their name in an archive."""

    def walk(inside: Path) -> Iterator[Path]:
        for entry in sorted(inside.iterdir()):
            if entry.name == NOT_SHIPPED or entry.name.startswith("."):
                continue
            if entry.is_dir():
                yield from walk(entry)
            else:
                yield entry

    return {f"{prefix}/{file.relative_to(folder).as_posix()}": file for file in walk(folder)}


def _digest(files: Mapping[str, Path]) -> str:
    """A name for exactly these contents."""
    summed = hashlib.sha256(b"%d\n" % FORMAT)
    for name, file in sorted(files.items()):
        summed.update(f"{name} {hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    return summed.hexdigest()[:16]


def pack(archive: Path, files: Mapping[str, Path], *, compiled: bool) -> None:
    """Write an archive that depends on names, contents and the executable bit alone.

    Functions cannot keep bytecode between cold starts, so it travels along when this Python can make it.
    """
    part = archive.with_suffix(f".{os.getpid()}.part")
    with zipfile.ZipFile(part, "w", compresslevel=6) as zipped:
        for name, file in sorted(files.items()):
            mode = 0o755 if file.stat().st_mode & 0o111 else 0o644
            _add(zipped, name, file.read_bytes(), mode)
            if compiled and name.endswith(".py"):
                _add(zipped, cache_from_source(name), _bytecode(file, name), 0o644)
    part.replace(archive)


def _add(zipped: zipfile.ZipFile, name: str, content: bytes, mode: int) -> None:
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = mode << 16
    zipped.writestr(entry, content)


def _bytecode(file: Path, name: str) -> bytes:
    """Compiled once, and valid wherever the archive is unpacked, whatever times its files get there."""
    with tempfile.NamedTemporaryFile() as made:
        mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
        py_compile.compile(str(file), made.name, dfile=name, doraise=True, invalidation_mode=mode)
        return Path(made.name).read_bytes()


def _layer(extra: str, archive: Path, chosen: Platform) -> None:
    """Install the locked wheels of one extra and zip them as a Lambda layer."""
    with tempfile.TemporaryDirectory(dir=archive.parent) as scratch:
        folder, pins = Path(scratch) / "site", Path(scratch) / "requirements.txt"
        export = ("export", "--frozen", "--no-dev", "--no-emit-project", "--extra", extra, "--output-file")
        uv(*export, str(pins))
        wheels = ("--only-binary", ":all:", "--require-hashes", "--no-deps", *chosen.wheels)
        uv("pip", "install", "--target", str(folder), *wheels, "--requirement", str(pins))
        (folder / ".lock").unlink(missing_ok=True)
        for program in (folder / name for name in COMPRESSED):
            if program.is_file():
                _compress(program)
        pack(archive, _tree(folder, "python"), compiled=chosen.python == Platform.host().python)


def _compress(program: Path) -> None:
    """Replace a program by its archive, the same bytes for the same program."""
    program.with_suffix(".gz").write_bytes(gzip.compress(program.read_bytes(), compresslevel=6, mtime=0))
    program.unlink()


def uv(*arguments: str) -> None:
    """Run uv quietly; its own message says what went wrong."""
    beside = Path(sys.executable).with_name("uv")
    uv = os.environ.get("UV") or (str(beside) if beside.is_file() else shutil.which("uv"))
    if not uv:
        raise RuntimeError("uv was not found; run `uv sync` or set UV to its path")
    done = subprocess.run([uv, "--quiet", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"uv {' '.join(arguments[:2])} failed: {done.stderr.strip()}")


if __name__ == "__main__":
    for built in build(sys.argv[1] if len(sys.argv) > 1 else "aws").files():
        sys.stdout.write(f"{built.relative_to(ROOT)}  {built.stat().st_size / 1e6:.1f} MB\n")
