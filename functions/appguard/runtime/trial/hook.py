"""What Python itself reports before it does something: the first forbidden thing ends the process.

The hook says which kind of thing was tried and ends the process; it never raises, so that the code
it stops cannot catch, read or delay anything. It names what the kernel's walls would only stop, and
is itself no wall: code that corrupts the interpreter goes around it.
"""

import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

Arguments = tuple[Any, ...]
Look = Callable[[Arguments], str | None]
STOPPED = 77
KINDS = ("network", "process", "files", "native", "tampering", "signals")
_BY_EVENT = {
    "os.kill": "signals",
    "os.killpg": "signals",
    "signal.pthread_kill": "signals",
    "os.fork": "process",
    "os.forkpty": "process",
    "os.exec": "process",
    "os.posix_spawn": "process",
    "os.spawn": "process",
    "os.system": "process",
    "os.startfile": "process",
    "subprocess.Popen": "process",
    "pty.spawn": "process",
    "resource.prlimit": "process",
    "sys.addaudithook": "tampering",
    "gc.get_objects": "tampering",
    "gc.get_referrers": "tampering",
    "gc.get_referents": "tampering",
    "sys._current_frames": "tampering",
    "sys._current_exceptions": "tampering",
}
_READS = frozenset({"os.listdir", "os.scandir", "os.chdir"})
_WRITES = frozenset(
    {
        "os.chmod", "os.chown", "os.link", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.symlink",
        "os.truncate", "os.utime", "os.setxattr", "os.removexattr", "os.chflags", "sqlite3.connect",
    }
)  # fmt: skip
_BY_PREFIX = {"socket.": "network", "syslog.": "network", "ctypes.": "native", "sqlite3.enable_": "native"}
_UNIX = 1
"""AF_UNIX: a pair of such sockets is how asyncio wakes itself; connecting one is another event."""


def install(report: int, readable: Iterable[Path], writable: Path) -> None:
    """Watch from now on, and tell what was tried on the open file `report`."""
    home = os.path.realpath(writable)
    roots = tuple(os.path.realpath(path) for path in readable)
    messages = {kind: b'{"escape": "%b"}\n' % kind.encode() for kind in KINDS}
    kind_of, write, leave = _judge(roots, home), os.write, os._exit

    def hook(event: str, arguments: Arguments) -> None:
        try:
            kind = kind_of(event, arguments)
        except BaseException:
            kind = "tampering"
        if kind:
            try:
                write(report, messages[kind])
            finally:
                leave(STOPPED)

    sys.addaudithook(hook)


def _judge(roots: tuple[str, ...], home: str) -> Callable[[str, Arguments], str | None]:
    """Which kind of forbidden thing an event is. Everything is bound now, out of later reach."""
    looked_at, by_event, by_prefix = _looks(roots, home), dict(_BY_EVENT), tuple(_BY_PREFIX.items())

    def judge(event: str, arguments: Arguments) -> str | None:
        if event in looked_at:
            return looked_at[event](arguments)
        if event in by_event:
            return by_event[event]
        return next((kind for prefix, kind in by_prefix if event.startswith(prefix)), None)

    return judge


def _loads(arguments: Arguments) -> str | None:
    """Importing ctypes, as packages do that ask which system they are on, opens the interpreter itself."""
    return None if arguments[0] is None else "native"


def _looks(roots: tuple[str, ...], home: str) -> dict[str, Look]:
    """The events that are forbidden for some arguments only."""
    real, text, is_a, path_like = os.path.realpath, os.fsdecode, isinstance, (str, bytes, os.PathLike)
    to_write = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

    def within(path: Any, allowed: tuple[str, ...]) -> bool:
        if not is_a(path, path_like):
            return True  # a number of an open file, whose opening was judged
        found = real(text(path))
        return any(found == root or found.startswith(root + "/") for root in allowed)

    def opens(arguments: Arguments) -> str | None:
        allowed = (home,) if arguments[2] & to_write else (home, *roots)
        return None if within(arguments[0], allowed) else "files"

    def imports(arguments: Arguments) -> str | None:
        return "native" if arguments[1] and not within(arguments[1], roots) else None

    def reads(arguments: Arguments) -> str | None:
        return None if within(arguments[0], (home, *roots)) else "files"

    def writes(arguments: Arguments) -> str | None:
        harmless = arguments[0] == ":memory:" or all(within(path, (home,)) for path in arguments[:2])
        return None if harmless else "files"

    def plugs(arguments: Arguments) -> str | None:
        return None if arguments[1] == _UNIX else "network"

    return {
        "open": opens,
        "ctypes.dlopen": _loads,
        "import": imports,
        "socket.__new__": plugs,
        **dict.fromkeys(_READS, reads),
        **dict.fromkeys(_WRITES, writes),
    }
