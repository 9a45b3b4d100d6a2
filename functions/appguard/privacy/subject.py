"""How a data subject is written: one spelling, whatever the source's."""

import unicodedata
from decimal import Decimal
from typing import NewType
from uuid import UUID

from appguard.kernel.errors import Invalid

Subject = NewType("Subject", str)
"""A person as data names them: an e-mail address, a number of staff; normalised by `subject_of`."""

MAX_LENGTH = 320


class NoSubject(Invalid):
    """The value names nobody."""

    code = "no_subject"
    remediation = "Give the e-mail address or number by which the data names the person."


def subject_of(value: object) -> Subject:
    """The person a value names, without regard to case, width, composition or blanks around it.

    >>> subject_of(" Ana@Example.com ")
    'ana@example.com'

    Raises `NoSubject` for what names nobody; the message does not repeat the value.
    """
    if isinstance(value, Decimal) and value == value.to_integral_value():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, str | int | UUID):
        raise NoSubject("a value of this type names nobody")
    text = str(value)
    folded = text.lower() if text.isascii() else _folded(text)
    if not (named := folded.strip()) or len(named) > MAX_LENGTH:
        raise NoSubject(f"a person is named by 1 to {MAX_LENGTH} characters")
    return Subject(named)


def _folded(text: str) -> str:
    """NFKC_Casefold (Unicode, 3.13), repeated until it changes nothing; invisible characters left out."""
    while True:
        visible = "".join(each for each in text if unicodedata.category(each) not in {"Cf", "Cc", "Cs"})
        decomposed = unicodedata.normalize("NFD", visible).casefold()
        folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", decomposed).casefold())
        if folded == text:
            return folded
        text = folded
