import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appguard.apps.bundle_rules import BundleError, check_path, check_paths


@pytest.mark.parametrize(
    "path",
    [
        "CON",
        "con.txt",
        "docs/Nul",
        "aux .txt",
        "COM1",
        "lpt9.tar.gz",
        "COM\u00b9",
        "a./b",
        "x ",
        "notes.",
        "CONOUT$",
    ],
)
def test_names_that_windows_folds_or_keeps_for_devices_are_refused(path: str) -> None:
    with pytest.raises(BundleError, match="Windows"):
        check_path(path)


@pytest.mark.parametrize("path", ["console.py", "nullable", "com10", "a.con", "Aux-files/x", "prüfung.csv"])
def test_names_that_only_look_like_devices_pass(path: str) -> None:
    check_path(path)


@pytest.mark.parametrize(
    "path",
    [
        "a:b",
        "x?",
        "a|b",
        "\udcff.txt",
        "a\u202egpj.exe",
        ".git/config",
        "x/.github/y",
        "a\tb",
        "~\x7f",
        "a/b/",
        "C:\\x",
    ],
)
def test_names_that_differ_between_systems_or_are_left_out_are_refused(path: str) -> None:
    with pytest.raises(BundleError, match="plain relative path"):
        check_path(path)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("app.yaml", "App.yaml"),
        ("caf\u00e9.txt", "cafe\u0301.txt"),
        ("stra\u00dfe", "STRASSE"),
        ("docs/a", "Docs/b"),
        ("docs", "docs/a"),
        ("\u212b", "\u00e5"),
    ],
)
def test_names_that_some_systems_take_for_one_are_refused(one: str, other: str) -> None:
    with pytest.raises(BundleError, match="one name on some systems"):
        check_paths([one, other])
    with pytest.raises(BundleError, match="one name on some systems"):
        check_paths([other, one])


@given(st.lists(st.text(max_size=12), max_size=5))
def test_any_names_are_accepted_or_refused_and_nothing_else(names: list[str]) -> None:
    with contextlib.suppress(BundleError):
        check_paths(names)
