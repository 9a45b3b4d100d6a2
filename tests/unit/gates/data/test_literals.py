import base64
import io
import json
import zipfile
from collections.abc import Mapping

import pytest

from appguard.apps.bundle import Bundle
from appguard.gates.data import literals
from appguard.kernel.finding import Finding, Severity

CARD = "4539 1488 0343 6467"
MORE = "DE12 5001 0517 0648 4898 90\n54362315K\n"


def found(files: Mapping[str, bytes], owner: str = "ana@corp.de") -> list[Finding]:
    return literals.check(Bundle({"app.yaml": b"owner: ana@corp.de\n", **files}), owner)


def zipped(text: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("word/document.xml", f"<w:t>{text}</w:t>")
    return packed.getvalue()


READINGS: dict[str, tuple[str, bytes]] = {
    "plain": ("a.txt", CARD.encode()),
    "no-break spaces": ("a.txt", CARD.replace(" ", "\u00a0").encode()),
    "full width": ("a.txt", "".join(chr(ord(c) + 0xFEE0) if c != " " else c for c in CARD).encode()),
    "zero width": ("a.txt", "\u200b".join(CARD).encode()),
    "base64": ("a.txt", base64.b64encode(f"card {CARD} of Ana".encode())),
    "utf-16": ("a.txt", CARD.encode("utf-16")),
    "csv": ("a.csv", f"id;card\n1;{CARD}\n".encode()),
    "notebook": ("a.ipynb", json.dumps({"cells": [{"outputs": [{"text": [CARD + "\n"]}]}]}).encode()),
    "json escapes": ("a.json", ('{"pan": "' + "".join(f"\\u{ord(c):04x}" for c in CARD) + '"}').encode()),
    "yaml folded": ("a.yaml", f"pan: >-\n  {CARD[:9]}\n  {CARD[10:]}\n".encode()),
    "joined": ("a.py", f'pan = "{CARD[:9]}" + "{CARD[9:]}"\n'.encode()),
    "zip member": ("a.docx", zipped(CARD)),
}


@pytest.mark.parametrize("how", READINGS)
def test_a_card_is_found_however_it_is_written(how: str) -> None:
    path, content = READINGS[how]
    assert [(f.rule, f.path) for f in found({path: content})] == [("personal-data-in-bundle", path)]


def test_a_finding_names_kind_and_line_and_never_the_value() -> None:
    (finding,) = found({"a.txt": f"one\ntwo\n{CARD}\n".encode()})
    assert (finding.line, "payment card" in finding.message) == (3, True)
    told = finding.model_dump_json()
    assert "4539" not in told
    assert "6467" not in told


def test_one_proven_identifier_asks_and_three_block() -> None:
    assert [f.severity for f in found({"a.txt": CARD.encode()})] == [Severity.APPROVE]
    blocked = found({"a.txt": CARD.encode(), "b.txt": MORE.encode()})
    assert {f.severity for f in blocked} == {Severity.BLOCK}
    same = found({name: CARD.encode() for name in ("a.txt", "b.txt", "c.txt")})
    assert {f.severity for f in same} == {Severity.APPROVE}


@pytest.mark.parametrize(
    "text",
    [
        "ask ana@corp.de or hr@corp.de",
        "jane.doe@example.com, joe@mail.example.org, x@test",
        "git@github.com:team/app.git and https://u@h.io/",
        "call 555-0100 or +1 202-555-0143",
        "sums: 1200.00 3400.00, dates 2026-07-06, id 2026070612345678",
        "born to run; a birthday cake",
    ],
)
def test_what_belongs_to_nobody_is_left_alone(text: str) -> None:
    assert found({"a.txt": text.encode()}) == []


def test_one_contact_is_a_warning_and_several_ask() -> None:
    assert [f.severity for f in found({"a.txt": b"jane.doe@corp.de"})] == [Severity.WARN]
    many = "\n".join(f"{name}.doe@corp.de" for name in ("jane", "joe", "jill"))
    assert [f.severity for f in found({"a.txt": many.encode()})] == [Severity.APPROVE]
    assert [f.severity for f in found({"a.txt": b"+49 170 1234567"})] == [Severity.WARN]


def test_a_date_of_birth_is_found_by_the_words_before_it() -> None:
    (finding,) = found({"a.yaml": b"birth_date: 1980-02-01\n"})
    assert (finding.severity, "date of birth" in finding.message) == (Severity.APPROVE, True)


PERSONS = "name,birth date\n" + "".join(f"P{n} Muster,19{60 + n}-01-02\n" for n in range(4))


def test_a_table_of_persons_is_found() -> None:
    assert any("table of persons" in f.message for f in found({"people.csv": PERSONS.encode()}))


@pytest.mark.parametrize(
    "rows",
    [
        "name,price\n" + "chair,10\n" * 9,
        "name,birth date\nAnna Muster,1980-01-02\n",
        "room,from,to\n" + "a,b,c\n" * 9,
    ],
)
def test_other_tables_are_left_alone(rows: str) -> None:
    assert found({"a.csv": rows.encode()}) == []
