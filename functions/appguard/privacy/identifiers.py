"""Identifiers of persons in a text: found by shape, kept only if check digit or context bear them out.

A shape of plain digits alone means nothing (one number in eleven has a fitting check digit), so such
a kind also needs a word beside it that names it.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from importlib import import_module

from appguard.privacy.published import PUBLISHED

_BESIDE = 60
_SEP = r"[ .\-/]?"


@dataclass(frozen=True)
class Hit:
    """One identifier: which kind, where in the text, and its bare characters, which nobody is shown."""

    kind: str
    start: int
    end: int
    value: str


@dataclass(frozen=True)
class Kind:
    """How one kind looks, which module of python-stdnum judges it, and which words must stand near it."""

    title: str
    shape: re.Pattern[str]
    judge: str
    near: re.Pattern[str] | None = None


def _kind(title: str, shape: str, judge: str, near: str = "") -> Kind:
    pattern = re.compile(rf"(?<![\w.\-/+])(?:{shape})(?![\w=]|[.\-/]\w)", re.ASCII)
    return Kind(title, pattern, judge, re.compile(rf"(?i)(?<![a-z])(?:{near})(?![a-z])") if near else None)


KINDS = (
    _kind("payment card", r"(?:4|5[1-5]|2[2-7]|3[0-9]|6[0-9])\d{0,3}(?:[ \-]?\d){9,17}", "luhn"),
    _kind("payment card", r"(?:1800|2131)\d{11}|(?:0604|5[018]\d\d|6\d{3})\d{8,9}", "luhn", "cards?|pan|jcb"),
    _kind("bank account (IBAN)", r"[A-Z]{2}\d{2}(?:[ \-]?[A-Z0-9]){11,30}", "iban"),
    _kind("US social security number", r"\d{3}-\d{2}-\d{4}", "us.ssn"),
    _kind("US social security number", r"\d{3} ?\d{2} ?\d{4}", "us.ssn", r"ssn|social[ _-]?security"),
    _kind("Spanish DNI", r"\d{8}[ -]?[A-HJ-NP-TV-Z]", "es.dni"),
    _kind("Spanish NIE", r"[XYZxyz][ -]?\d{7}[ -]?[A-HJ-NP-TV-Za-hj-np-tv-z]", "es.nie"),
    _kind("Italian codice fiscale", r"[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z]", "it.codicefiscale"),
    _kind("French social security number", r"[12]" + (_SEP + r"\d\d") * 2 + _SEP + r"(?:\d\d|2[AB])"
          + (_SEP + r"\d{3}") * 2 + _SEP + r"\d\d", "fr.nir"),
    _kind("Swiss AHV number", r"756\.?\d{4}\.?\d{4}\.?\d{2}", "ch.ssn"),
    _kind("Finnish identity code", r"\d{6}[+\-A]\d{3}[0-9A-Y]", "fi.hetu"),
    _kind("Brazilian CPF", r"\d{3}\.\d{3}\.\d{3}-\d{2}", "br.cpf"),
    _kind("Belgian national number", r"\d{2}[. ]\d{2}[. ]\d{2}[- ]\d{3}[. ]\d{2}", "be.nn"),
    _kind("Swedish personal number", r"(?:19|20)?\d{6}[-+]\d{4}", "se.personnummer"),
    _kind("German tax number", r"[1-9]\d(?: ?\d{3}){3}", "de.idnr",
          r"steuer[ -]?(?:id|identifikationsnummer|nummer)|idnr|tax[ _-]?(?:id|number)|tin"),
    _kind("British NHS number", r"\d{3}[ -]?\d{3}[ -]?\d{4}", "gb.nhs", r"nhs(?:[ _-]?(?:no|number))?"),
    _kind("Dutch BSN", r"\d{9}|\d{4}\.\d{2}\.\d{3}", "nl.bsn", r"bsn|burgerservicenummer|sofi"),
    _kind("Polish PESEL", r"\d{11}", "pl.pesel", "pesel"),
    _kind("Indian Aadhaar", r"\d{4}[ -]?\d{4}[ -]?\d{4}", "in_.aadhaar", "aadhaar|aadhar|uidai"),
)  # fmt: skip

# No check digit exists, but the letters are bound by rule.
_NINO = re.compile(
    r"(?<![\w.])(?!BG|GB|KN|NK|NT|TN|ZZ)[ABCEGHJ-PRSTW-Z][ABCEGHJ-NPRSTW-Z](?: ?\d\d){3} ?[A-D](?!\w)"
)
_CARD_LENGTHS = {"4": (13, 16, 19), "5": (16,), "2": (16,), "3": (14, 15, 16), "6": (16, 19)}


def identifiers(text: str) -> Iterator[Hit]:
    """Every identifier in `text`, each place once."""
    taken: set[int] = set()
    for kind in KINDS:
        for match in kind.shape.finditer(text):
            value = re.sub(r"[ .\-/]", "", match[0])
            if match.start() in taken or value in PUBLISHED or not _borne_out(kind, match, text):
                continue
            taken.add(match.start())
            yield Hit(kind.title, match.start(), match.end(), value)
    for match in _NINO.finditer(text):
        yield Hit("British National Insurance number", match.start(), match.end(), match[0].replace(" ", ""))


def _borne_out(kind: Kind, match: re.Match[str], text: str) -> bool:
    if kind.near and not kind.near.search(text, max(0, match.start() - _BESIDE), match.end() + _BESIDE):
        return False
    if kind.judge == "luhn":
        digits = re.sub(r"\D", "", match[0])
        return (
            (kind.near or len(digits) in _CARD_LENGTHS[digits[0]])
            and len(set(digits)) > 2  # noqa: PLR2004 - zeros and the like are fillers
            and _judge("luhn")(digits)
        )
    return _judge(kind.judge)(match[0])


@cache
def _judge(module: str) -> Callable[[str], bool]:
    """Each module of python-stdnum is loaded once a shape of its kind was seen."""
    judge: Callable[..., bool] = import_module(f"stdnum.{module}").is_valid
    # An IBAN's own check digits are enough; those that some countries keep inside it are not always used.
    return partial(judge, check_country=False) if module == "iban" else judge
