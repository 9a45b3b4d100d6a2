"""Ways to reach a person: e-mail addresses and telephone numbers that are not plainly made up."""

import re
from collections.abc import Iterator

from appguard.privacy.identifiers import Hit

_EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+\-/:@])([A-Za-z0-9][A-Za-z0-9._%+\-]{0,63})@((?:[A-Za-z0-9\-]{1,63}\.){1,5}[A-Za-z]{2,18})(?![\w@])"
)
# RFC 2606 and 6761: names that never belong to anybody.
_NOBODY = re.compile(r"(?i)(?:^|\.)(?:example(?:\.(?:com|org|net|edu))?|test|invalid|localhost|local)$")
_ROLE = re.compile(
    r"(?i)^(?:admin|contact|facilities|finance|git|hello|help|helpdesk|hr|info|it|mail|no-?reply|office|"
    r"payroll|postmaster|privacy|sales|security|service|support|team|webmaster)\b"
)
_PHONE = re.compile(
    r"(?<![\w.+\-/:=])(?:(?:\+|00)[1-9]\d{0,2}(?:[ .\-]?\(?\d{1,4}\)?){2,6}|\(\d{3}\) ?\d{3}[ .\-]\d{4}"
    r"|\d{3}[.\-]\d{3}[.\-]\d{4})(?![a-wyz\d_]|-\d|\.\d)"
)
# National forms are any digits in groups, so a word must call them a telephone number.
_LOCAL = re.compile(
    r"(?<![\w.+\-/:=])\(?0?\d{2,5}\)?[ .\-/]?\d{2,9}(?:[ .\-]\d{2,4}){0,4}(?![a-wyz\d_]|-\d|\.\d)"
)
_CALLED = re.compile(
    r"(?i)(?<![a-z])(?:phone|tel|telephone|telefon|mobile|cell|fax|handy|office|call|reach)(?![a-z])"
)
_BESIDE = 25
_FICTION = re.compile(r"^1?\d{3}55501\d\d$|^44(?:7700900|2079460|1632960)\d{3,4}$")
_LEAST_DIGITS, _MOST_DIGITS = 10, 15


def addresses(text: str, owner: str = "") -> Iterator[Hit]:
    """E-mail addresses of real-looking persons; those of roles and of nobody are none."""
    for match in _EMAIL.finditer(text):
        address = match[0].lower()
        if address != owner.lower() and not _NOBODY.search(match[2]) and not _ROLE.match(match[1]):
            yield Hit("e-mail address", match.start(), match.end(), address)


def contacts(text: str, owner: str = "") -> Iterator[Hit]:
    """E-mail addresses of real-looking persons, and telephone numbers in an international or US form."""
    yield from addresses(text, owner)
    for match in (*_PHONE.finditer(text), *_LOCAL.finditer(text)):
        beside = text[max(0, match.start() - _BESIDE) : match.end() + _BESIDE // 2]
        if match.re is _LOCAL and not _CALLED.search(beside):
            continue
        digits = re.sub(r"\D", "", match[0]).removeprefix("00")
        if _LEAST_DIGITS - (match.re is _LOCAL) <= len(digits) <= _MOST_DIGITS and not _FICTION.match(digits):
            yield Hit("telephone number", match.start(), match.end(), digits)
