import io
import marshal
import zipfile
from importlib.util import MAGIC_NUMBER

import pytest

from appguard.apps.bundle import Bundle
from appguard.gates.code import foreign


def archive(*names: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as zipped:
        for name in names:
            zipped.writestr(name, "x")
    return packed.getvalue()


BYTECODE = MAGIC_NUMBER + bytes(12) + marshal.dumps(compile("1", "x", "eval"))
BINARIES = {
    "lib.so": b"",
    "logic.pyc": b"",
    "start.pth": b"import os\n",
    "tool.whl": b"",
    "photo.png": b"\x7fELF" + bytes(100),
    "photo.jpg": b"MZ" + bytes(100) + b"PE\0\0",
    "notes.txt": b"\0asm\1\0\0\0",
    "data.bin": BYTECODE,
    "table.xlsx": archive("xl/workbook.xml", "logic.py"),
    "picture.gif": b"GIF89a" + archive("__main__.py"),
}
SCRIPTS = {"run.sh": b"", "app.JS": b"", "notes.ipynb": b"{}", "README": b"#!/bin/sh\nid\n"}
FINE = {
    "table.xlsx": archive("xl/workbook.xml", "xl/sharedStrings.xml"),
    "photo.png": b"\x89PNG\r\n\x1a\n" + bytes(100),
    "rows.csv": b"MZ,a\r\n1,2\r\n",
    "README.md": b"# Leave\n",
    "logic.py": b"#!/usr/bin/env python\n",
    "broken.zip": b"PK\x05\x06",
}


def found(path: str, content: bytes) -> list[tuple[str, str]]:
    return [(f.rule, f.severity) for f in foreign.check(Bundle({"app.yaml": b"x", path: content}))]


@pytest.mark.parametrize("path", BINARIES)
def test_what_nobody_can_read_blocks_whatever_it_is_called(path: str) -> None:
    assert found(path, BINARIES[path]) == [("code-binary", "block")]


@pytest.mark.parametrize("path", SCRIPTS)
def test_a_script_asks_for_a_reviewer(path: str) -> None:
    assert found(path, SCRIPTS[path]) == [("code-foreign", "approve")]


@pytest.mark.parametrize("path", FINE)
def test_data_pictures_and_python_are_left_alone(path: str) -> None:
    assert found(path, FINE[path]) == []
