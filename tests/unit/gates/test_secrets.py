import base64
import gzip
import io
import json
import random
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from appguard.apps.bundle import Bundle
from appguard.gates import gitleaks, secrets
from appguard.gates.model import GateContext, GateFailed
from appguard.kernel.finding import Finding

MANIFEST = b"apiVersion: appguard/v1\n"
_random = random.Random(7)
AWS_KEY = "AKIA" + "".join(_random.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", k=16))
PASSWORD = "".join(_random.choices("abcdefghkmnpqrstuvwxyzABCDEFGHKLMNPQRSTUVWXYZ23456789", k=18))
SECRETS = (AWS_KEY, PASSWORD)


def found(context: GateContext, files: Mapping[str, bytes]) -> list[Finding]:
    return secrets.check(Bundle({"app.yaml": MANIFEST, **files}), context)


def test_a_bundle_without_secrets_has_no_findings(leave_request: Bundle, context: GateContext) -> None:
    assert secrets.check(leave_request, context) == []


def test_a_secret_is_found_at_its_line(context: GateContext) -> None:
    (finding,) = found(context, {"logic.py": f"# settings\n\nkey = '{AWS_KEY}'\n".encode()})
    assert (finding.rule, finding.path, finding.line) == ("secret-in-bundle", "logic.py", 3)


def split(text: str) -> str:
    half = len(text) // 2
    return f'"{text[:half]}" + \\\n    "{text[half:]}"'


def workbook(text: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "xl/sharedStrings.xml", f"<sst><si><t>access key</t></si><si><t>{text}</t></si></sst>"
        )
    return packed.getvalue()


def sheet(*cells: str) -> bytes:
    packed = io.BytesIO()
    row = "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in cells)
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("xl/worksheets/sheet1.xml", f"<sheetData><row>{row}</row></sheetData>")
    return packed.getvalue()


def runs(text: str) -> bytes:
    """A cell whose text is cut into two differently formatted runs."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        item = f"<si><r><t>{text[:9]}</t></r><r><t>{text[9:]}</t></r></si>"
        archive.writestr("xl/sharedStrings.xml", f"<sst>{item}</sst>")
    return packed.getvalue()


def notebook(*lines: str) -> bytes:
    cell = {"cell_type": "code", "source": list(lines), "outputs": []}
    return json.dumps({"cells": [cell], "nbformat": 4}).encode()


ESCAPED = "".join(f"\\u{ord(character):04x}" for character in AWS_KEY)
STRUCTURED: dict[str, tuple[str, bytes]] = {
    "cells side by side": ("a.csv", f"part one,part two\n{AWS_KEY[:8]},{AWS_KEY[8:]}\n".encode()),
    "cells below each other": (
        "a.csv",
        f"id;x\n1;{AWS_KEY[:7]}\n2;{AWS_KEY[7:14]}\n3;{AWS_KEY[14:]}\n".encode(),
    ),
    "workbook cells": ("a.xlsx", sheet("x y", AWS_KEY[:8], AWS_KEY[8:])),
    "workbook runs": ("a.xlsx", runs(AWS_KEY)),
    "notebook lines": ("a.ipynb", notebook(f'key = "{AWS_KEY[:9]}" \\\n', f'  "{AWS_KEY[9:]}"\n')),
    "json escapes": ("a.json", f'{{"key": "{ESCAPED}"}}'.encode()),
    "yaml folded": ("a.yaml", f"key: >-\n  {AWS_KEY[:9]}\n  {AWS_KEY[9:]}\n".encode()),
    "yaml plain over lines": ("a.yml", f"key: {AWS_KEY[:9]}\n  {AWS_KEY[9:]}\n".encode()),
    "yaml escapes": ("a.yaml", f'key: "{ESCAPED}"\n'.encode()),
    "yaml keys": ("a.yaml", f"first: {AWS_KEY[:9]}\nsecond: {AWS_KEY[9:]}\n".encode()),
    "yaml list": ("a.yaml", f"- {AWS_KEY[:9]}\n- {AWS_KEY[9:]}\n".encode()),
}


@pytest.mark.parametrize("how", STRUCTURED)
def test_a_secret_spread_over_cells_and_values_is_found(context: GateContext, how: str) -> None:
    path, content = STRUCTURED[how]
    assert {(f.rule, f.path) for f in found(context, {path: content})} == {("secret-hidden", path)}


HIDDEN: dict[str, bytes] = {
    "base64": b"blob: " + base64.b64encode(f"aws_key={AWS_KEY}".encode()),
    "split": f"value = {split(AWS_KEY)}\n".encode(),
    "zero width": f"value = '{AWS_KEY[:6]}\u200b{AWS_KEY[6:]}'\n".encode(),
    "full width": "".join(chr(ord(c) + 0xFEE0) for c in AWS_KEY).encode(),
    "reversed": f"value = '{AWS_KEY[::-1]}'\n".encode(),
    "compressed": b"blob: " + base64.b64encode(gzip.compress(f"key='{AWS_KEY}'".encode())),
    "workbook": workbook(AWS_KEY),
    "split base64": f"x = {split(base64.b64encode(f'aws={AWS_KEY};'.encode()).decode())}\n".encode(),
}


@pytest.mark.parametrize("how", HIDDEN)
def test_a_hidden_secret_is_found(context: GateContext, how: str) -> None:
    (finding,) = found(context, {"notes.txt": HIDDEN[how]})
    assert (finding.rule, finding.path) == ("secret-hidden", "notes.txt")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "utf-32-be", "utf-8-sig", "latin-1"])
def test_a_secret_in_another_encoding_is_found(context: GateContext, encoding: str) -> None:
    text = f"# Schlüssel\nkey = '{AWS_KEY}'\n"
    assert [f.path for f in found(context, {"notes.txt": text.encode(encoding)})] == ["notes.txt"]


@pytest.mark.parametrize(
    "line",
    [
        f"url: postgres://hr:{PASSWORD}@db.example.com/hr",
        f"db_password = '{PASSWORD}'",
        f'"client_secret": "{PASSWORD}"',
    ],
)
def test_plain_passwords_are_found(context: GateContext, line: str) -> None:
    assert len(found(context, {".env": line.encode()})) >= 1


@pytest.mark.parametrize(
    "line",
    [
        "password = '${DB_PASSWORD}'",
        "url: postgres://user:password@db.example.com/hr",
        "label: Your password was changed",
        "uuid: 123e4567-e89b-12d3-a456-426614174000",
        "url: https://example.com/a:b@c",
    ],
)
def test_what_only_looks_like_a_secret_is_left_alone(context: GateContext, line: str) -> None:
    assert found(context, {"notes.txt": line.encode()}) == []


@pytest.mark.parametrize(
    "files",
    [
        {"logic.py": f"key = '{AWS_KEY}'  # gitleaks:allow\n".encode()},
        {"logic.py": f"key = '{AWS_KEY}'\n".encode(), ".gitleaks.toml": b'title = "none"\n'},
        {"logic.py": f"key = '{AWS_KEY}'\n".encode(), ".gitleaksignore": b"logic.py:aws-access-token:1\n"},
        {"node_modules/x.lock": f"key = '{AWS_KEY}'\n".encode()},
    ],
)
def test_a_bundle_cannot_excuse_itself(context: GateContext, files: dict[str, bytes]) -> None:
    assert any(finding.rule == "secret-in-bundle" for finding in found(context, files))


def test_a_finding_never_holds_the_secret(context: GateContext) -> None:
    text = f"key = '{AWS_KEY}'\ndb_password = '{PASSWORD}'\nurl: ftp://a:{PASSWORD}@h.example.com\n"
    findings = found(context, {"notes.txt": text.encode(), "b.txt": HIDDEN["split"]})
    assert findings
    told = "".join(finding.model_dump_json() for finding in findings)
    assert not any(secret[:8] in told for secret in SECRETS)


def test_binary_junk_is_read_without_complaint(context: GateContext) -> None:
    junk = random.Random(3).randbytes(200_000)
    assert found(context, {"logo.png": junk, "broken.xlsx": b"PK\x03\x04" + junk[:1000]}) == []


def test_a_scanner_that_is_missing_fails_the_gate(
    context: GateContext, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(gitleaks, "binary", lambda: tmp_path / "gitleaks")
    with pytest.raises(GateFailed, match="did not run"):
        found(context, {})


@pytest.mark.parametrize(
    "script", ["exit 0", "echo '[]'; exit 1", "echo '[{}]'; exit 0", "echo 'no json'; exit 7"]
)
def test_a_scanner_that_answers_nonsense_fails_the_gate(
    context: GateContext, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, script: str
) -> None:
    fake = tmp_path / "gitleaks"
    fake.write_text(f"#!/bin/sh\n{script}\n")
    fake.chmod(0o755)
    monkeypatch.setattr(gitleaks, "binary", lambda: fake)
    with pytest.raises(GateFailed):
        found(context, {})


def test_broken_secret_rules_fail_the_gate(context: GateContext, tmp_path: Path) -> None:
    (tmp_path / "secret_rules.toml").write_text("this is = not toml = at all\n")
    with pytest.raises(GateFailed):
        found(GateContext(context.connectors, tmp_path), {})
