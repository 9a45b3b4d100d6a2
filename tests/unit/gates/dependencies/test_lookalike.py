from pathlib import Path

import pytest

from appguard.gates.dependencies.lookalike import imitates
from appguard.gates.dependencies.rules import load

POPULAR = load(Path("policies")).popular


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("reqeusts", "requests"),
        ("request", "requests"),
        ("requestss", "requests"),
        ("rquests", "requests"),
        ("djanqo", "django"),
        ("num-py", "numpy"),
        ("urllib", "urllib3"),
        ("ur1lib3", "urllib3"),
        ("crypt0graphy", "cryptography"),
        ("dateutil-python", "python-dateutil"),
        ("pythondateutil", "python-dateutil"),
        ("python-requests", "requests"),
        ("requests-sdk", "requests"),
        ("beautifulsoup", "beautifulsoup4"),
        ("colourama", "colorama"),
        ("setuptool", "setuptools"),
        ("rnarkupsafe", "markupsafe"),
    ],
)
def test_a_name_that_could_be_taken_for_a_popular_one_is_seen(name: str, meant: str) -> None:
    assert imitates(name, POPULAR) == meant


@pytest.mark.parametrize(
    "name", [*POPULAR, "types-requests", "pytest-django", "hypothesis", "sphinx", "jedi", "boto3-stubs"]
)
def test_popular_and_plainly_different_names_are_not(name: str) -> None:
    assert imitates(name, POPULAR) is None
