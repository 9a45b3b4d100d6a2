import json
from datetime import UTC, datetime

import pytest

from appguard.kernel.errors import Unavailable
from appguard.packages.model import Pin
from appguard.packages.pypi import facts

PIN = Pin("x", "1")
MIT = "License :: OSI Approved :: MIT License"


def document(**info) -> bytes:
    files = [
        {
            "upload_time_iso_8601": f"2026-0{month}-01T00:00:00.5Z",
            "digests": {"sha256": str(month) * 64, "md5": "x"},
        }
        for month in (3, 2)
    ]
    return json.dumps({"info": {"name": "x", **info}, "urls": files}).encode()


def test_age_is_that_of_the_first_file_and_hashes_are_of_all() -> None:
    found = facts(PIN, document())
    assert found.released == datetime(2026, 2, 1, 0, 0, 0, 500_000, tzinfo=UTC)
    assert found.sha256 == ("2" * 64, "3" * 64)
    assert (found.exists, found.yanked) == (True, False)


def test_a_withdrawn_version_is_known_as_such() -> None:
    assert facts(PIN, document(yanked=True)).yanked


@pytest.mark.parametrize(
    ("info", "licence"),
    [
        ({"license_expression": "MIT OR Apache-2.0", "classifiers": [MIT]}, "MIT OR Apache-2.0"),
        ({"classifiers": [MIT], "license": "see file"}, "MIT"),
        ({"classifiers": [MIT, "License :: OSI Approved :: ISC License (ISCL)"]}, "ISC AND MIT"),
        (
            {"classifiers": ["License :: OSI Approved :: BSD License"], "license": "BSD-3-Clause"},
            "BSD-3-Clause",
        ),
        ({"license": "x" * 5_000}, None),
        ({"license": ""}, None),
        ({}, None),
    ],
)
def test_the_licence_is_what_was_stated_most_precisely(info: dict, licence: str | None) -> None:
    assert facts(PIN, document(**info)).licence == licence


@pytest.mark.parametrize("content", [b"", b"<html>", b"{}", b'{"info": []}', b'{"info": {}, "urls": [{}]}'])
def test_an_unexpected_answer_is_no_fact(content: bytes) -> None:
    with pytest.raises(Unavailable):
        facts(PIN, content)
