"""A requirements.txt against an index on loopback: what is known, what is proposed, what is installed."""

import io
import zipfile
from collections.abc import Callable

import pytest

from appguard.packages import requirements
from appguard.packages.closure import missing, unmet
from appguard.packages.model import Resolution
from tests.support.package_index import Index, wheel

Ask = Callable[[str], Resolution]


def whole(resolve: Ask, text: str) -> Resolution:
    """What is known of the file once it is completed as proposed."""
    proposal = resolve(text).proposal
    assert proposal is not None
    return resolve(proposal)


def pinned(known: Resolution) -> list[str]:
    return [f"{one.name}=={one.version}" for one in known.facts]


@pytest.mark.parametrize("html", [False, True])
def test_a_bare_line_becomes_a_whole_file_and_that_is_installed(
    index: Index, resolve: Ask, shelves, html: bool
) -> None:
    index.html = html
    index.add("thing", "1.0", requires=["part>=1"])
    index.add("part", "1.4", requires=["bit"])
    digest = index.add("bit", "0.1")
    known = resolve("# ours\nThing==1.0  # for sums\n")
    assert known.added == ("part==1.4", "bit==0.1")
    assert known.installed is None
    assert f"bit==0.1 \\\n    --hash=sha256:{digest}\n" in known.proposal
    assert known.proposal.startswith("# ours\nThing==1.0 \\\n    --hash=sha256:")
    done = resolve(known.proposal)
    assert (done.proposal, done.refused, done.failed) == (None, None, None)
    names = zipfile.ZipFile(io.BytesIO(shelves[done.installed])).namelist()
    assert {"thing/__init__.py", "part/__init__.py", "bit/__init__.py"} <= set(names)
    assert done.modules == {"thing": "thing", "part": "part", "bit": "bit"}


def test_the_same_file_gives_the_same_archive(index: Index, resolve: Ask) -> None:
    index.add("thing", "1.0")
    assert whole(resolve, "thing==1.0").installed == whole(resolve, "thing==1.0\n").installed


def test_a_wheel_is_fetched_once(index: Index, resolve: Ask) -> None:
    index.add("thing", "1.0")
    whole(resolve, "thing==1.0")
    assert len([path for path in index.asked if path.startswith("/files/")]) == 1


def test_what_holds_elsewhere_or_for_an_extra_nobody_wants_is_not_needed(index: Index, resolve: Ask) -> None:
    requires = ["colorama; sys_platform == 'win32'", "old; python_version < '3.9'", "more; extra == 'all'"]
    index.add("thing", "1.0", requires=requires)
    assert pinned(whole(resolve, "thing==1.0")) == ["thing==1.0"]


def test_an_extra_is_followed_whoever_asks_for_it(index: Index, resolve: Ask) -> None:
    index.add("thing", "1.0", requires=["part[fast]"])
    index.add("part", "1", requires=["speed; extra == 'fast'", "other; extra == 'Slow_Mode'"])
    index.add("speed", "3")
    index.add("other", "4")
    assert resolve("thing==1.0").added == ("part==1", "speed==3")
    assert set(resolve("part[slow-mode]==1").added) == {"other==4"}


def test_the_newest_version_that_everybody_takes_is_proposed(index: Index, resolve: Ask) -> None:
    index.add("thing", "1.0", requires=["part<3"])
    index.add("also", "1.0", requires=["part>1"])
    for version in ("1", "2", "2.5b1", "3"):
        index.add("part", version)
    index.add("part", "2.9", yanked="broken")
    assert resolve("thing==1.0\nalso==1.0").added == ("part==2",)


def test_a_version_of_these_days_is_proposed_only_where_there_is_no_other(index: Index, resolve: Ask) -> None:
    index.add("thing", "1.0", requires=["part"])
    index.add("part", "1")
    index.add("part", "2", **{"upload-time": "2999-01-01T00:00:00Z"})
    assert resolve("thing==1.0").added == ("part==1",)


def test_versions_that_do_not_fit_together_are_told_and_nothing_is_proposed(
    index: Index, resolve: Ask
) -> None:
    index.add("thing", "1.0", requires=["part<2"])
    index.add("part", "2")
    known = resolve("thing==1.0\npart==2")
    assert (known.proposal, known.installed) == (None, None)
    ((need, pin),) = unmet(requirements.read(b"thing==1.0\npart==2").pins, known)
    assert (need.by.name, str(need.wanted), pin.version) == ("thing", "part<2", "2")


def test_what_nobody_offers_is_missing_and_nothing_is_proposed(index: Index, resolve: Ask) -> None:
    index.add("thing", "1.0", requires=["nowhere"])
    known = resolve("thing==1.0")
    assert known.proposal is None
    assert [need.name for need in missing(requirements.read(b"thing==1.0").pins, known)] == ["nowhere"]


@pytest.mark.parametrize(
    ("offer", "why"),
    [
        ({"content": b"x", "filename": "thing-1.0.tar.gz"}, "source only"),
        ({"filename": "thing-1.0-cp311-cp311-win_amd64.whl"}, "none of its wheels"),
        ({"filename": "thing-1.0-cp313-cp313-manylinux_2_17_aarch64.whl"}, "none of its wheels"),
        ({"requires-python": ">=3.99"}, "none of its wheels"),
        ({"digest": "0" * 64}, "not the file its hash was made of"),
        ({"content": wheel("other", "1.0")}, "another package"),
        ({"content": wheel("thing", "1.0", {"../evil.py": ""})}, "not a plain relative path"),
        ({"content": wheel("thing", "1.0", {"evil.pth": "import os"})}, "run by itself"),
        ({"content": wheel("thing", "1.0", {"sitecustomize.py": ""})}, "stand in for"),
        ({"content": wheel("thing", "1.0", {"json/__init__.py": ""})}, "stand in for"),
        ({"content": wheel("thing", "1.0", {"logic.py": ""})}, "stand in for"),
        ({"content": wheel("thing", "1.0", {"appguard/runtime/x.py": ""})}, "stand in for"),
        ({"content": b"PK junk"}, "not a readable zip"),
    ],
)
def test_what_cannot_be_installed_is_not(index: Index, resolve: Ask, offer: dict, why: str) -> None:
    index.add("thing", "1.0", **offer)
    known = resolve("thing==1.0")
    assert why in known.facts[0].unusable
    assert (known.proposal, known.installed) == (None, None)


def test_of_several_wheels_the_one_made_most_closely_for_the_place_is_taken(
    index: Index, resolve: Ask
) -> None:
    for tag in ("py3-none-any", "cp313-cp313-manylinux_2_17_x86_64", "cp311-cp311-manylinux_2_17_x86_64"):
        index.add("thing", "1.0", filename=f"thing-1.0-{tag}.whl")
    assert (
        whole(resolve, "thing==1.0").facts[0].wheel.filename.endswith("cp313-cp313-manylinux_2_17_x86_64.whl")
    )


def test_a_withdrawn_version_is_known_as_such(index: Index, resolve: Ask) -> None:
    index.add("thing", "1.0", yanked=True)
    assert resolve("thing==1.0").facts[0].yanked
    assert not resolve("thing==2.0").facts[0].exists


def test_files_that_two_packages_write_differently_are_refused(index: Index, resolve: Ask) -> None:
    index.add("one", "1", wheel("one", "1", {"shared/__init__.py": "1"}))
    index.add("two", "1", wheel("two", "1", {"shared/__init__.py": "2"}))
    known = whole(resolve, "one==1\ntwo==1")
    assert "shared/__init__.py" in known.refused
    assert known.installed is None


def test_packages_that_are_too_large_together_are_refused(index: Index, resolve: Ask, monkeypatch) -> None:
    monkeypatch.setattr("appguard.packages.installation.LARGEST", 1_000)
    index.add("one", "1", wheel("one", "1", {"one.py": "#" * 2_000}))
    assert "unpack to more" in whole(resolve, "one==1").refused


def test_an_index_that_does_not_answer_or_answers_nonsense_is_told(index: Index, resolve: Ask) -> None:
    index.projects["thing"] = [{"filename": 1}]
    assert "unexpected" in resolve("thing==1.0").failed
    index.wants = "a login"
    assert "401" in resolve("thing==1.0").failed


def test_faults_in_the_file_are_mended_first(index: Index, resolve: Ask) -> None:
    index.add("thing", "1.0")
    assert resolve("thing==1.0\n-e .\n").proposal is None
