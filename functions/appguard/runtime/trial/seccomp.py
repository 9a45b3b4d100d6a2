"""A kernel filter: no sockets, no further process, no other program, no hand on other processes.

A call on the list ends the process with SIGSYS, which its parent sees and no code can catch or undo.
Threads stay possible. Numbers are those of the Linux system call tables.
"""

import ctypes
import os
import platform
import struct
import sys
from collections.abc import Iterator, Mapping
from typing import NamedTuple


class _Machine(NamedTuple):
    """How one machine's calls are told apart."""

    audit_arch: int
    forbidden: tuple[int, ...]
    clone: int
    tgkill: int
    prlimit: int


_BOTH = (424, 434, 438)  # pidfd_send_signal, pidfd_open, pidfd_getfd
_ABSENT = (425, 426, 427, 435)
"""io_uring_*, which would go around the filter, and clone3, whose flags it cannot see: "no such call"."""
_X86_64 = """
    41 socket, 42 connect, 43 accept, 49 bind, 50 listen, 57 fork, 58 vfork, 59 execve, 62 kill, 101 ptrace,
    109 setpgid, 112 setsid, 155 pivot_root, 161 chroot, 165 mount, 166 umount2, 200 tkill, 248 add_key,
    249 request_key, 250 keyctl, 272 unshare, 288 accept4, 298 perf_event_open, 308 setns,
    310 process_vm_readv, 311 process_vm_writev, 321 bpf, 322 execveat, 323 userfaultfd
"""
_AARCH64 = """
    39 umount2, 40 mount, 41 pivot_root, 51 chroot, 97 unshare, 117 ptrace, 129 kill, 130 tkill, 154 setpgid,
    157 setsid, 198 socket, 200 bind, 201 listen, 202 accept, 203 connect, 217 add_key, 218 request_key,
    219 keyctl, 221 execve, 241 perf_event_open, 242 accept4, 268 setns, 270 process_vm_readv,
    271 process_vm_writev, 280 bpf, 281 execveat, 282 userfaultfd
"""


def _numbers(calls: str) -> tuple[int, ...]:
    return (*(int(call.split()[0]) for call in calls.split(",")), *_BOTH)


_MACHINES: Mapping[str, _Machine] = {
    "x86_64": _Machine(0xC000003E, _numbers(_X86_64), clone=56, tgkill=234, prlimit=302),
    "aarch64": _Machine(0xC00000B7, _numbers(_AARCH64), clone=220, tgkill=131, prlimit=261),
}
_NUMBER, _ARCH, _FIRST_ARGUMENT = 0, 4, 16
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_KILL, _ALLOW, _NO_SUCH_CALL = 0x80000000, 0x7FFF0000, 0x00050000 | 38
_THREAD, _X32 = 0x00010000, 0x40000000
_SET_SECCOMP, _FILTER = 22, 2


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p))


def filtered() -> bool:
    """Put the filter over this process for good; False where the kernel or the machine has none."""
    machine = _MACHINES.get(platform.machine())
    if sys.platform != "linux" or machine is None:
        return False
    instructions = b"".join(_instructions(machine, os.getpid()))
    held = ctypes.create_string_buffer(instructions, len(instructions))
    program = _Program(len(instructions) // 8, ctypes.addressof(held))
    return bool(ctypes.CDLL(None).prctl(_SET_SECCOMP, _FILTER, ctypes.byref(program), 0, 0) == 0)


def _instructions(machine: _Machine, own_pid: int) -> Iterator[bytes]:
    yield _op(_LOAD, _ARCH)
    yield from (_op(_EQUAL, machine.audit_arch, 1, 0), _op(_RETURN, _KILL))
    yield _op(_LOAD, _NUMBER)
    if machine.audit_arch == _MACHINES["x86_64"].audit_arch:
        yield from (_op(_AT_LEAST, _X32, 0, 1), _op(_RETURN, _KILL))
    for number in machine.forbidden:
        yield from (_op(_EQUAL, number, 0, 1), _op(_RETURN, _KILL))
    for number in _ABSENT:
        yield from (_op(_EQUAL, number, 0, 1), _op(_RETURN, _NO_SUCH_CALL))
    yield from _only(machine.clone, _ANY_BIT, _THREAD)
    yield from _only(machine.tgkill, _EQUAL, own_pid)
    yield from _only(machine.prlimit, _EQUAL, 0)
    yield _op(_RETURN, _ALLOW)


def _only(number: int, how: int, wanted: int) -> Iterator[bytes]:
    """Allow this call with such a first argument alone."""
    yield _op(_EQUAL, number, 0, 4)
    yield _op(_LOAD, _FIRST_ARGUMENT)
    yield from (_op(how, wanted, 1, 0), _op(_RETURN, _KILL), _op(_RETURN, _ALLOW))


def _op(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("<HBBI", code, if_true, if_false, value)
