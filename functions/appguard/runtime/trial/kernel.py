"""What Linux offers to a process that wants to lose its powers: no privileges, no network, no orphans.

Everything here works without privileges of its own. What a kernel does not offer is told, not assumed.
"""

import ctypes
import os
import signal
import sys

_PDEATHSIG, _DUMPABLE, _SUBREAPER, _NO_NEW_PRIVS = 1, 4, 36, 38
_NEW_USER, _NEW_NET = 0x10000000, 0x40000000


def secluded() -> bool:
    """Nobody else may look into this process, its orphans come to it, and it dies with its parent."""
    if sys.platform != "linux":
        return False
    libc = ctypes.CDLL(None)
    wanted = ((_DUMPABLE, 0), (_SUBREAPER, 1), (_NO_NEW_PRIVS, 1), (_PDEATHSIG, signal.SIGKILL))
    return all(libc.prctl(option, value, 0, 0, 0) == 0 for option, value in wanted)


def unreadable() -> None:
    """Keep memory and environment of this process from others of the same user, walls or no walls."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DUMPABLE, 0, 0, 0, 0)


def dies_with(parent: int) -> None:
    """End when `parent` ends, also if it has ended already. The wish is not inherited by children."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def without_network() -> bool:
    """Move into an empty network of its own, where the kernel lets an ordinary user do so."""
    return sys.platform == "linux" and bool(ctypes.CDLL(None).unshare(_NEW_USER | _NEW_NET) == 0)
