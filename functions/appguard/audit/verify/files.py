"""Reading files nobody vouched for yet."""

import os
from collections.abc import Iterator
from pathlib import Path

from .bad import Bad


def read(folder: Path, name: str, most: int, prefix: str = "") -> bytes:
    """The bytes of an object, if it has at most so many; raises `Bad`."""
    try:
        with (folder / name).open("rb") as file:
            raw = file.read(most + 1)
    except FileNotFoundError as error:
        raise Bad(prefix + name, "missing") from error
    except (OSError, ValueError) as error:
        raise Bad(prefix + name, f"unreadable: {error}") from error
    if len(raw) > most:
        raise Bad(prefix + name, f"too large: no such object has more than {most} bytes")
    return raw


def walk(folder: Path, prefix: str = "") -> Iterator[str]:
    """Names of all files below; raises `Bad` for what is neither file nor folder, links included."""
    below = [""]
    while below:
        at = below.pop()
        try:
            with os.scandir(folder / at) as found:
                for one in found:
                    name = at + one.name
                    if one.is_dir(follow_symlinks=False):
                        below.append(name + "/")
                    elif one.is_file(follow_symlinks=False):
                        yield name
                    else:
                        raise Bad(prefix + name, "added: a link or device, not an object of a log")
        except OSError as error:
            raise Bad(prefix + at or ".", f"unreadable: {error.strerror}") from error
