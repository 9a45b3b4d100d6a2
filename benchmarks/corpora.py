"""Public texts to measure detection on: from packages on PyPI, pinned by hash, or drawn from a seed.

Nothing is copied into this repository. presidio-evaluator (MIT) brings sentences with gaps, Faker (MIT)
fills them, python-stdnum (LGPL-2.1+) has valid and invalid numbers in its documentation, and
cryptography-vectors (Apache-2.0 or BSD) holds private keys that are test vectors.
"""

import base64
import doctest
import gzip
import importlib
import random
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from infra.bundle import ROOT, uv

FOLDER = ROOT / ".build" / "corpora"
PINS = Path(__file__).with_name("corpora.txt")


@dataclass(frozen=True)
class Text:
    """One text, and what it holds: the kinds of data planted in it, none in a clean one."""

    path: str
    content: bytes
    holds: frozenset[str] = frozenset()


def fetch() -> None:
    """Install the pinned wheels, without what they would pull in, into a folder of their own."""
    ready = FOLDER / PINS.name
    if not ready.is_file() or ready.read_bytes() != PINS.read_bytes():
        uv("pip", "install", "--python", sys.executable, "--target", str(FOLDER), "--no-deps",
           "--require-hashes", "--requirement", str(PINS))  # fmt: skip
        ready.write_bytes(PINS.read_bytes())
    if str(FOLDER) not in sys.path:
        sys.path.append(str(FOLDER))


LOCALES = ("en_US", "en_GB", "de_DE", "es_ES", "it_IT", "fr_FR", "fi_FI", "pl_PL", "nl_NL", "sv_SE")
MADE = {
    "credit_card_number": "card", "iban": "iban", "email": "email", "phone_number": "phone", "ssn": "id",
    "date_of_birth": "birth",
}  # fmt: skip


def sentences(seed: int = 7, rounds: int = 5) -> Iterator[Text]:
    """Each sentence of presidio-evaluator, filled by Faker in several countries' manners."""
    faker = importlib.import_module("faker")
    source = FOLDER / "presidio_evaluator/data_generator/raw_data/templates.txt"
    written = source.read_text(encoding="utf-8", errors="replace")
    lines = [line.replace("\\n", "\n") for line in written.splitlines()]
    for turn in range(rounds):
        for number, line in enumerate(lines):
            made = faker.Faker(LOCALES[(turn + number) % len(LOCALES)])
            made.seed_instance(seed + turn * 1000 + number)
            gaps = re.findall(r"\{\{(\w+)\}\}", line)
            holds = frozenset(MADE[gap] for gap in gaps if gap in MADE)
            filled = re.sub(r"\{\{(\w+)\}\}", lambda gap, made=made: _filled(made, gap[1]), line)
            yield Text(f"s{turn}-{number}.txt", filled.encode(), holds)


def _filled(made: object, gap: str) -> str:
    """What Faker says for a gap. Its own addresses are at example.com, which belongs to nobody."""
    name = {"email": "company_email", "person": "name", "organization": "company", "ip_address": "ipv4"}.get(
        gap, gap
    )
    say = getattr(made, name, None)
    return str(say()).replace("\n", ", ") if say else "something"


DOCUMENTED = {
    "luhn": "", "iban": "IBAN", "us.ssn": "SSN", "es.dni": "DNI", "es.nie": "NIE", "it.codicefiscale": "CF",
    "fr.nir": "NIR", "ch.ssn": "AHV", "fi.hetu": "HETU", "br.cpf": "CPF", "be.nn": "NN",
    "se.personnummer": "personnummer", "de.idnr": "Steuer-ID", "gb.nhs": "NHS number", "nl.bsn": "BSN",
    "pl.pesel": "PESEL", "in_.aadhaar": "Aadhaar",
}  # fmt: skip


def documented() -> Iterator[Text]:
    """Numbers that python-stdnum's documentation calls valid or invalid, each after its usual label."""
    for module, label in DOCUMENTED.items():
        if not label:
            continue
        loaded = importlib.import_module(f"stdnum.{module}")
        for number, example in enumerate(doctest.DocTestParser().get_examples(loaded.__doc__ or "")):
            if call := re.match(r"validate\(u?'([^']+)'\)", example.source):
                holds = frozenset() if example.exc_msg else frozenset({"iban" if module == "iban" else "id"})
                yield Text(f"{module}-{number}.txt", f"{label}: {call[1]}\n".encode(), holds)


HIDING = {
    "as written": lambda text: text.encode(),
    "no-break spaces": lambda text: text.replace(" ", "\u00a0").encode(),
    "full width": lambda text: "".join(chr(ord(c) + 0xFEE0) if c.isalnum() else c for c in text).encode(),
    "zero width": lambda text: "\u200b".join(text).encode(),
    "base64": lambda text: base64.b64encode(f"card {text} of Ana".encode()),
    "UTF-16": lambda text: text.encode("utf-16"),
    "split": lambda text: f'x = "{text[:9]}" + \\\n    "{text[9:]}"\n'.encode(),
}


def cards(seed: int = 7, each: int = 20) -> Iterator[Text]:
    """Faker's card numbers, in groups of four, hidden in each way."""
    made = importlib.import_module("faker").Faker()
    made.seed_instance(seed)
    for way, hide in HIDING.items():
        for number in range(each):
            digits = made.credit_card_number(card_type="visa16")
            grouped = " ".join(re.findall("....", digits))
            yield Text(f"{way.replace(' ', '-')}-{number}.txt", hide(grouped), frozenset({"card"}))


ALNUM = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
TOKENS = {
    "AWS": ("AKIA", "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16), "GitHub": ("ghp_", ALNUM, 36),
    "GitLab": ("glpat-", ALNUM, 20), "Slack": ("xoxb-123456789012-123456789012-", ALNUM, 24),
    "Stripe": ("sk_live_", ALNUM, 24), "Google": ("AIza", ALNUM, 35), "npm": ("npm_", ALNUM.lower(), 36),
    "SendGrid": ("SG.", ALNUM, 66), "password": ("", ALNUM, 18), "Twilio": ("SK", "0123456789abcdef", 32),
}  # fmt: skip
SETTINGS = (
    "password = '{}'",
    '{{"client_secret": "{}"}}',
    "url: postgres://app:{}@db.corp.net/hr",
    'api_key = "{}"',
)
CONCEALED = {
    "split": lambda line, s: line.replace(s, f'{s[: len(s) // 2]}" + "{s[len(s) // 2 :]}').replace("'", '"'),
    "reversed": lambda line, _: line[::-1],
    "zero width": lambda line, s: line.replace(s, "\u200b".join(s)),
    "compressed": lambda line, _: "blob: " + base64.b64encode(gzip.compress(line.encode(), mtime=0)).decode(),
    "base64": lambda line, _: "blob: " + base64.b64encode(line.encode()).decode(),
    "cells": lambda line, s: line.replace(s, f"{s[: len(s) // 2]},{s[len(s) // 2 :]}"),
    "folded YAML": lambda line, s: f"key: >-\n  {s[: len(s) // 2]}\n  {s[len(s) // 2 :]}\n",
}
SUFFIX = {"cells": "csv", "folded YAML": "yaml", "split": "py"}


def secrets(seed: int = 7, each: int = 6) -> Iterator[tuple[str, Text]]:
    """Tokens of well-known forms and passwords in settings, as written and concealed in each way."""
    draw = random.Random(seed)
    for kind, (prefix, letters, length) in TOKENS.items():
        for number in range(each):
            secret = prefix + "".join(draw.choices(letters, k=length))
            line = SETTINGS[number % 3 if kind == "password" else 3].format(secret)
            yield "as written", Text(f"{kind}-{number}.txt", line.encode(), frozenset({"secret"}))
            for way, conceal in CONCEALED.items():
                if kind != "password" or way not in ("cells", "folded YAML"):
                    path = f"{kind}-{number}-{way.replace(' ', '-')}.{SUFFIX.get(way, 'txt')}"
                    yield way, Text(path, conceal(line, secret).encode(), frozenset({"secret"}))


def private_keys() -> Iterator[Text]:
    """PEM files of cryptography-vectors that hold a private key."""
    for number, path in enumerate(sorted((FOLDER / "cryptography_vectors").rglob("*.pem"))):
        content = path.read_bytes()
        if b"PRIVATE KEY-----" in content:
            yield Text(f"key-{number}.pem", content, frozenset({"secret"}))


def clean(limit: int = 400) -> Iterator[Text]:
    """Sources of published packages, in which nobody left a secret on purpose."""
    packages = ("faker", "phonenumbers", "presidio_evaluator", "presidio_analyzer", "tldextract", "filelock")
    files = [path for name in packages for path in sorted((FOLDER / name).rglob("*.py"))]
    chosen = sorted(random.Random(7).sample(files, min(limit, len(files))))
    for number, path in enumerate(chosen):
        if path.stat().st_size < 100_000:
            yield Text(f"clean-{number}.py", path.read_bytes())
