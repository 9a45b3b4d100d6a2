"""Wheels as their makers should not have made them."""

import stat
import zipfile
from io import BytesIO

import pytest

from appguard.apps.archive import Limits
from appguard.packages import wheels
from appguard.packages.wheels import WheelRefused, unpack
from tests.support.package_index import installed, wheel

NAME = "thing-1.0-py3-none-any.whl"


def test_modules_are_what_can_be_imported() -> None:
    files = {
        "thing/__init__.py": "",
        "lone.py": "",
        "fast.cpython-313-x86_64-linux-gnu.so": "",
        "space/part/x.py": "",
        "thing/data.txt": "",
        "docs/readme.txt": "",
    }
    assert unpack(NAME, wheel("thing", "1.0", files)).modules == ("fast", "lone", "space", "thing")


def test_libraries_move_to_their_place_and_programs_stay_behind() -> None:
    files = {
        "thing-1.0.data/purelib/thing.py": "1",
        "thing-1.0.data/scripts/run": "",
        "thing-1.0.data/data/etc/x": "",
    }
    found = unpack(NAME, wheel("thing", "1.0", files)).files
    assert [path for path in found if ".dist-info" not in path] == ["thing.py"]


def test_what_moves_to_its_place_is_judged_there() -> None:
    with pytest.raises(WheelRefused, match="run by itself"):
        unpack(NAME, wheel("thing", "1.0", {"thing-1.0.data/purelib/evil.pth": "import os"}))


def test_a_real_package_is_unpacked_as_it_is() -> None:
    version, content, _ = installed("python-dateutil")
    found = unpack(f"python_dateutil-{version}-py3-none-any.whl", content)
    assert found.modules == ("dateutil",)
    assert "dateutil/parser/__init__.py" in found.files


@pytest.mark.parametrize(
    ("limits", "files"),
    [
        (Limits(10_000, 100, 5_000), {"thing.py": "#" * 6_000}),
        (Limits(10_000, 2, 100_000), {f"m{number}.py": "" for number in range(9)}),
        (Limits(500, 100, 100_000), {"thing.py": "".join(map(str, range(2_000)))}),
    ],
)
def test_a_wheel_that_unfolds_to_too_much_is_not_unfolded(monkeypatch, limits: Limits, files: dict) -> None:
    monkeypatch.setattr(wheels, "WHEEL", limits)
    with pytest.raises(WheelRefused, match="more than"):
        unpack(NAME, wheel("thing", "1.0", files))


def test_a_link_is_refused() -> None:
    content = BytesIO(wheel("thing", "1.0"))
    with zipfile.ZipFile(content, "a") as packed:
        link = zipfile.ZipInfo("thing/link.py")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        packed.writestr(link, "/etc/passwd")
    with pytest.raises(WheelRefused, match="a link or a device"):
        unpack(NAME, content.getvalue())


@pytest.mark.parametrize(
    "files",
    [
        {"thing-1.0.dist-info/METADATA": "Name: thing\nVersion: 2.0\n\n"},
        {"thing-1.0.dist-info/METADATA": "Name: thing\nVersion: junk\n\n"},
        {"thing-1.0.dist-info/METADATA": "\n"},
        {"more-1.0.dist-info/METADATA": "Name: thing\nVersion: 1.0\n\n"},
    ],
)
def test_a_wheel_that_says_two_things_about_itself_is_refused(files: dict) -> None:
    with pytest.raises(WheelRefused):
        unpack(NAME, wheel("thing", "1.0", files))


@pytest.mark.parametrize("name", ["thing.whl", "thing-1.0.zip", "thing-x-py3-none-any.whl"])
def test_a_name_that_is_no_wheels_is_refused(name: str) -> None:
    with pytest.raises(WheelRefused):
        unpack(name, wheel("thing", "1.0"))
