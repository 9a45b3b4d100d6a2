"""The kernel's own fence around files: read the standard library, write in one folder, see nothing else."""

import ctypes
import os
import struct
import sys
from collections.abc import Iterable
from pathlib import Path

_CREATE, _ADD, _RESTRICT = 444, 445, 446
_VERSION, _BENEATH = 1, 1
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 2, 4, 8
_TRUNCATE = 1 << 14
_RIGHTS = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
"""All rights over files that exist since this version of the interface."""


def fenced(readable: Iterable[Path], writable: Path) -> bool:
    """Leave this process these files for good; False where the kernel has no Landlock."""
    if sys.platform != "linux":
        return False
    libc = ctypes.CDLL(None)
    version = libc.syscall(_CREATE, None, ctypes.c_size_t(0), _VERSION)
    if version < 1:
        return False
    everything = _RIGHTS[max(known for known in _RIGHTS if known <= version)]
    attributes = struct.pack("<Q", everything)
    rules = libc.syscall(_CREATE, attributes, ctypes.c_size_t(len(attributes)), 0)
    if rules < 0:
        return False
    try:
        reading = _EXECUTE | _READ_FILE | _READ_DIR
        put = [_allow(libc, rules, path, reading) for path in readable if path.exists()]
        put.append(_allow(libc, rules, writable, everything))
        put.append(_allow(libc, rules, Path(os.devnull), (_READ_FILE | _WRITE_FILE | _TRUNCATE) & everything))
        return all(put) and libc.syscall(_RESTRICT, rules, 0) == 0
    finally:
        os.close(rules)


def _allow(libc: ctypes.CDLL, rules: int, path: Path, access: int) -> bool:
    """Open one path and what is beneath it."""
    if not path.is_dir():
        access &= ~_READ_DIR
    beneath = os.open(path, os.O_RDONLY | getattr(os, "O_PATH", 0))
    try:
        return bool(libc.syscall(_ADD, rules, _BENEATH, struct.pack("<Qi", access, beneath), 0) == 0)
    finally:
        os.close(beneath)
