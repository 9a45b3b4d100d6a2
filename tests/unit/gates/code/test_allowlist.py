import pytest

from appguard.apps.bundle import Bundle
from appguard.gates.code import allowlist, sources
from appguard.kernel.finding import Finding
from tests.unit.gates.code.snippets import HARD, HARMLESS, HELPERS, REQUIREMENTS, TEST


def found(text: str, path: str = "logic.py", **files: bytes) -> list[Finding]:
    named = {name.replace("__", "."): content for name, content in files.items()}
    content = {
        "app.yaml": b"x",
        "helpers.py": HELPERS,
        "requirements.txt": REQUIREMENTS,
        path: text.encode(),
        **named,
    }
    bundle = Bundle(content)
    readable, unreadable = sources.read(bundle)
    assert unreadable == ()
    return list(allowlist.check(readable, bundle))


def rules(text: str, path: str = "logic.py", **files: bytes) -> set[str]:
    return {finding.rule for finding in found(text, path, **files)}


def test_there_is_enough_to_try() -> None:
    assert len(HARD) >= 30
    assert len(HARMLESS) >= 15


@pytest.mark.parametrize("how", HARD)
def test_code_that_reaches_out_is_found_however_it_is_written(how: str) -> None:
    findings = found(HARD[how])
    assert {finding.path for finding in findings} == {"logic.py"}
    assert all(finding.remediation for finding in findings)


@pytest.mark.parametrize("what", HARMLESS)
def test_what_honest_people_write_is_left_alone(what: str) -> None:
    assert found(HARMLESS[what]) == []


def test_a_test_may_use_what_tests_need_and_nothing_that_imports_by_name() -> None:
    assert found(TEST, "tests/test_logic.py", logic__py=b"def f(x):\n    return x\n") == []
    assert rules("from unittest.mock import patch", "tests/test_logic.py") == {"code-reach-inside"}
    assert rules("import pytest\nos = pytest.importorskip('os')", "tests/test_x.py") == {"code-reach-inside"}


def test_a_finding_names_its_line() -> None:
    (finding,) = found("a = 1\n\n\nb = eval('2')\n")
    assert (finding.rule, finding.line) == ("code-call-forbidden", 4)


def test_a_line_is_told_once_for_each_rule() -> None:
    assert len(found("x = ().__class__.__base__.__subclasses__()")) == 1


@pytest.mark.parametrize(
    "path", ["json.py", "typing/__init__.py", "sitecustomize.py", "appguard/x.py", "tests/re.py"]
)
def test_a_file_cannot_stand_in_for_a_module_of_python_or_of_the_platform(path: str) -> None:
    assert rules("x = 1", path) == {"code-shadows"}


def test_a_module_of_ones_own_does_not_pass_on_what_it_imports() -> None:
    assert rules("from helpers import json") == {"code-reach-inside"}
    assert rules("import helpers\nx = helpers.json.codecs") == {"code-reach-inside"}


def test_a_package_that_is_not_pinned_is_named() -> None:
    (finding,) = found("import leftpad")
    assert finding.rule == "code-import-unknown"
    assert "leftpad==<version>" in finding.remediation


def test_a_package_is_known_by_the_name_it_is_installed_by() -> None:
    assert rules("import yaml\nimport dateutil") == set()


def test_relative_imports_stay_within_the_app() -> None:
    files = {
        "parts/__init__.py": b"",
        "parts/a.py": b"from . import b\nfrom .b import y\n",
        "parts/b.py": b"y = 1\n",
    }
    assert rules("from parts.a import y\nimport parts.b\nz = parts.b.y", **files) == set()


def test_a_module_is_judged_by_the_package_that_brings_it() -> None:
    bundle = Bundle({"app.yaml": b"x", "requirements.txt": b"py-thing==1", "logic.py": b"import odd.name\n"})
    readable, _ = sources.read(bundle)
    assert [one.rule for one in allowlist.check(readable, bundle)] == ["code-import-unknown"]
    assert list(allowlist.check(readable, bundle, {"odd": "py-thing"})) == []
    (told,) = allowlist.check(readable, bundle, {"odd": "another"})
    assert "another==" in told.remediation


def test_a_package_opens_no_door_by_bringing_a_module_that_reaches_out() -> None:
    bundle = Bundle({"app.yaml": b"x", "requirements.txt": b"py-thing==1", "logic.py": b"import requests\n"})
    readable, _ = sources.read(bundle)
    (told,) = allowlist.check(readable, bundle, {"requests": "py-thing"})
    assert told.rule == "code-import-forbidden"
