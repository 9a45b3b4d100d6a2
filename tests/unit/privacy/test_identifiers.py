import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from appguard.privacy.identifiers import identifiers


def kinds(text: str) -> list[str]:
    return [hit.kind for hit in identifiers(text)]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("paid with 4539 1488 0343 6467 today", "payment card"),
        ("4539-1488-0343-6467", "payment card"),
        ("pan=378734493671000", "payment card"),
        ("IBAN: DE12 5001 0517 0648 4898 90", "bank account (IBAN)"),
        ("SSN 536-90-4399", "US social security number"),
        ("social security 536904399", "US social security number"),
        ("DNI 54362315K", "Spanish DNI"),
        ("NIE x-2482300-W".upper(), "Spanish NIE"),
        ("RCCMNL83S18D969H", "Italian codice fiscale"),
        ("2 95 10 99 126 111 93", "French social security number"),
        ("756.9217.0769.85", "Swiss AHV number"),
        ("131052-308T", "Finnish identity code"),
        ("390.533.447-05", "Brazilian CPF"),
        ("Steuer-ID: 36 574 261 809", "German tax number"),
        ("NHS number 943-476-5870", "British NHS number"),
        ("BSN: 111222333", "Dutch BSN"),
        ("PESEL 44051401359", "Polish PESEL"),
        ("aadhaar 2341 2341 2346", "Indian Aadhaar"),
        ("AB 12 34 56 C", "British National Insurance number"),
    ],
)
def test_an_identifier_is_known_by_its_shape_and_check_digit(text: str, kind: str) -> None:
    assert kinds(text) == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "4539 1488 0343 6468",  # check digit does not fit
        "DE13 5001 0517 0648 4898 90",
        "54362315A",
        "4111 1111 1111 1111",  # published for tests
        "DE89 3704 0044 0532 0130 00",
        "order 943-476-5870",  # a number of that shape without a word that names it
        "123456789",
        "0000000000000000",
        "2026-07-06 2026-07-10",
        "123e4567-e89b-12d3-a456-426614174000",
        "sha256:4539148803436467aa00bb",
        "1.4539148803436467",
        "version 10.20.30.40",
    ],
)
def test_what_only_looks_like_one_is_left_alone(text: str) -> None:
    assert kinds(text) == []


@given(st.integers(min_value=10**14, max_value=10**15 - 1))
def test_a_card_is_found_exactly_when_its_check_digit_fits(number: int) -> None:
    body = f"4{number % 10**14:014d}"
    fitting = luhn.calc_check_digit(body)
    found = {digit for digit in "0123456789" if kinds(f"card {body}{digit}")}
    assert found <= {fitting}
    if len(set(body)) > 3:
        assert found == {fitting}


def test_random_numbers_are_hardly_ever_identifiers() -> None:
    numbers = random.Random(5)
    text = "\n".join(str(numbers.randrange(10**8, 10**12)) for _ in range(20_000))
    assert kinds(text) == []
