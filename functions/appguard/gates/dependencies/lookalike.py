"""Names that could be taken for a popular package: a slip of the finger, a letter like another, a twist."""

import re
from collections.abc import Iterable

_ALIKE = str.maketrans({"0": "o", "1": "l", "5": "s", "i": "l"})
_AFFIXES = ("py", "python", "lib", "sdk", "api", "client", "dev", "official", "2", "3")
SHORTEST_FOR_SLIPS = 5


def imitates(name: str, popular: Iterable[str]) -> str | None:
    """The popular package that this name could be taken for, unless it is one itself.

    >>> imitates("reqeusts", ["requests"])
    'requests'
    """
    known = tuple(popular)
    return None if name in known else next((one for one in known if _like(name, one)), None)


def _like(name: str, popular: str) -> bool:
    plain, known = _joined(name), _joined(popular)
    if _shape(plain) == _shape(known) or sorted(name.split("-")) == sorted(popular.split("-")):
        return True
    if any(plain in {affix + known, known + affix} for affix in _AFFIXES):
        return True
    return min(len(plain), len(known)) >= SHORTEST_FOR_SLIPS and _one_slip(plain, known)


def _joined(name: str) -> str:
    return name.replace("-", "")


def _shape(name: str) -> str:
    """What the eye sees of a name; doubled letters count once."""
    alike = name.translate(_ALIKE).replace("rn", "m").replace("vv", "w")
    return re.sub(r"(.)\1", r"\1", alike)


def _one_slip(one: str, other: str) -> bool:
    """One letter added, left out or replaced, or two neighbours exchanged."""
    short, long = sorted((one, other), key=len)
    if len(long) - len(short) > 1 or one == other:
        return False
    start = next((at for at, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    if len(short) < len(long):
        return short[start:] == long[start + 1 :]
    swapped = short[start + 1 : start + 2] + short[start : start + 1] + short[start + 2 :]
    return short[start + 1 :] == long[start + 1 :] or swapped == long[start:]
