"""A requirements.txt as a requester writes it, against an index on loopback: what is said, what mends it."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from appguard.apps.bundle import Bundle
from appguard.gates.dependencies import check
from appguard.gates.model import GateContext
from appguard.kernel.finding import Finding
from appguard.kernel.fix import apply
from appguard.packages.model import Knowledge
from appguard.packages.offline import IndexOnLaptop
from tests.support.package_index import Index, serving, wheel

Look = Callable[[str], list[Finding]]


@pytest.fixture
def index(tmp_path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Index]:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with serving() as found:
        found.add("thing", "1.0", requires=["part>=1"])
        found.add("part", "1.1")
        yield found


@pytest.fixture
def look(index: Index, edited: Callable[..., Bundle], context: GateContext) -> Look:
    def look(text: str) -> list[Finding]:
        packages = Knowledge(None, IndexOnLaptop(index.url))
        bundle = edited(requirements__txt=text.encode())
        found = check(bundle, replace(context, packages=packages))
        return [one for one in found if one.rule != "advisories-missing"]

    return look


def test_one_fix_completes_the_file_and_then_nothing_is_left_to_say(look: Look) -> None:
    found = look("thing==1.0")
    assert [one.rule for one in found] == ["requirement-hash", "requirement-missing"]
    assert {one.fix.name for one in found} == {found[0].fix.name}
    assert "add part==1.1" in found[0].fix.description
    assert "thing needs part>=1" in found[1].message
    assert look(apply("thing==1.0", found[0].fix.edits)) == []


@pytest.mark.parametrize("end", ["", "\n", "\r\n", "\n\n# done\n"])
def test_the_fix_keeps_what_else_stands_there(look: Look, end: str) -> None:
    text = f"# for sums\nthing==1.0 ; python_version > '3'  # why{end}"
    mended = apply(text, look(text)[0].fix.edits)
    assert mended.startswith("# for sums\nthing==1.0 ; python_version > '3' \\\n    --hash=sha256:")
    assert look(mended) == []


def test_a_hash_of_another_file_is_replaced_and_the_right_one_stays(look: Look, index: Index) -> None:
    right = index.projects["part"][0]["hashes"]["sha256"]
    wrong = "".join(f" \\\n    --hash=sha256:{digit * 64}" for digit in "01")
    text = f"part==1.1 --hash=sha256:{right}\nthing==1.0{wrong}\n"
    found = look(text)
    assert [(one.rule, one.line) for one in found] == [("requirement-hash", 2)]
    mended = apply(text, found[0].fix.edits)
    assert mended.startswith(f"part==1.1 --hash=sha256:{right}\nthing==1.0 \\\n")
    assert look(mended) == []


def test_versions_that_do_not_fit_are_named_and_left_to_a_person(look: Look, index: Index) -> None:
    index.add("part", "0.9")
    found = look("thing==1.0\npart==0.9")
    assert [one.rule for one in found] == ["requirement-hash", "requirement-hash", "requirement-conflict"]
    assert not any(one.fix for one in found)
    assert "thing 1.0 needs part>=1" in found[-1].message


@pytest.mark.parametrize(
    ("offer", "rule"),
    [
        ({"content": b"x", "filename": "sly-1.tar.gz"}, "package-unusable"),
        ({"content": wheel("sly", "1", {"json.py": ""})}, "package-unusable"),
        ({"content": wheel("sly", "1", {"../../x.py": ""})}, "package-unusable"),
        ({"yanked": "it was broken"}, "package-yanked"),
    ],
)
def test_what_may_not_be_installed_is_refused(look: Look, index: Index, offer: dict, rule: str) -> None:
    index.add("sly", "1", **offer)
    assert rule in {one.rule for one in look("sly==1")}


def test_an_index_that_does_not_answer_blocks_and_is_no_warning(look: Look, index: Index) -> None:
    index.wants = "a login"
    found = look(f"thing==1.0 --hash=sha256:{'a' * 64}")
    assert [(one.rule, one.severity.value) for one in found] == [("packages-unresolved", "block")]


def test_packages_that_cannot_lie_beside_each_other_block(look: Look, index: Index) -> None:
    index.add("one", "1", wheel("one", "1", {"same.py": "1"}))
    index.add("two", "1", wheel("two", "1", {"same.py": "2"}))
    mended = apply("one==1\ntwo==1", look("one==1\ntwo==1")[0].fix.edits)
    assert [one.rule for one in look(mended)] == ["packages-refused"]
