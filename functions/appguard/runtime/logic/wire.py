"""JSON values, one a line, over an open file whose other end may belong to code nobody trusts."""

import json
import os
import select
import time
from typing import Any, NoReturn

_CHUNK = 65536


class Broken(Exception):
    """The other end is gone or does not say JSON."""


class Flooded(Broken):
    """The other end says more than it may."""


class Wire:
    """One end of a connection, bounded in what it takes in and in how long it waits."""

    def __init__(self, fd: int, longest: int) -> None:
        """Speak over `fd`; a line longer than `longest` bytes breaks the connection."""
        os.set_blocking(fd, False)
        self.fd = fd
        self._longest = longest
        self._rest = b""

    def send(self, value: object, deadline: float) -> None:
        """Send one value; raises `TimeoutError` or `Broken`."""
        self.send_line(json.dumps(value).encode(), deadline)

    def send_line(self, line: bytes, deadline: float) -> None:
        """Send one line as it is."""
        view = memoryview(line + b"\n")
        while view:
            waited([], [self.fd], deadline)
            try:
                view = view[os.write(self.fd, view) :]
            except BlockingIOError:
                continue
            except OSError as error:
                raise Broken from error

    def receive(self, deadline: float) -> Any:
        """The next value; raises `TimeoutError` or `Broken`."""
        while not (line := self.next_line()):
            waited([self.fd], [], deadline)
            if not self.take_in():
                raise Broken
        return parsed(line)

    def take_in(self) -> bool:
        """Read once what has come; False when nothing more will."""
        try:
            chunk = os.read(self.fd, _CHUNK)
        except BlockingIOError:
            return True
        except OSError:
            return False
        self._rest += chunk
        if len(self._rest) > self._longest:
            raise Flooded
        return bool(chunk)

    def next_line(self) -> bytes:
        """A whole line that has come, or nothing."""
        line, end, rest = self._rest.partition(b"\n")
        if not end:
            return b""
        self._rest = rest
        return line or b"null"


def parsed(line: bytes | str) -> Any:
    """One value of strict JSON: no NaN, no depth to fall into; raises `Broken`."""
    try:
        return json.loads(line, parse_constant=_refused)
    except (ValueError, RecursionError) as error:
        raise Broken from error


def _refused(_constant: str) -> NoReturn:
    raise ValueError


def waited(reading: list[int], writing: list[int], deadline: float) -> list[int]:
    """Those that can be read or written; raises `TimeoutError`."""
    readable, writable, _ = select.select(reading, writing, [], max(0.0, deadline - time.monotonic()))
    if not (readable or writable):
        raise TimeoutError
    return [*readable, *writable]
