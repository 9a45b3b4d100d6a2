import pytest

from appguard.packages.licence import stated

MIT = "License :: OSI Approved :: MIT License"


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
    assert stated(info) == licence
