"""The gate as a whole: what a bundle with dependencies is told."""

import re
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from appguard.apps.bundle import Bundle
from appguard.gates.dependencies import check
from appguard.gates.model import Decision, GateContext, GateFailed
from appguard.gates.rulebook import of_gates
from appguard.gates.runner import run, run_one
from appguard.kernel.finding import Finding, Severity
from appguard.packages import requirements
from appguard.packages.model import Answer, Facts, Knowledge, Pin, Resolution, Vulnerability
from appguard.packages.offline import AdvisoryFile

NOW = datetime.now(UTC)
LONG_AGO = NOW - timedelta(days=400)
HASH = "a" * 64
NAMED = re.compile(r'"((?:requirements?|dependency|packages?|advisories|licence)-[a-z-]+)"')
Edit = Callable[..., Bundle]


class Advisories:
    """Knows the faults it was given, and is up to date unless said otherwise."""

    def __init__(self, as_of: datetime = NOW, unchecked: bool = False, **faults: Vulnerability) -> None:
        self._as_of, self._unchecked, self._faults = as_of, unchecked, faults

    def ask(self, pins: Sequence[Pin]) -> Answer:
        found = {pin: (self._faults[pin.name],) for pin in pins if pin.name in self._faults}
        return Answer("Test", self._as_of, found, tuple(pins) if self._unchecked else ())


class Known:
    """Knows the facts of one package, which are good unless said otherwise."""

    def __init__(self, **facts: object) -> None:
        self._facts = {"name": "thing", "version": "1.0", "licence": "MIT", "released": LONG_AGO, **facts}

    def resolve(self, content: bytes) -> Resolution:
        return Resolution(facts=(Facts.model_validate(self._facts),))

    def place(self, installed: str) -> str:
        raise AssertionError(installed)


UP_TO_DATE, GOOD = Advisories(), Known()


@pytest.fixture
def look(edited: Edit, context: GateContext):
    def look(
        text: str = f"thing==1.0 --hash=sha256:{HASH}\n",
        advisories=UP_TO_DATE,
        facts=GOOD,
        **files: bytes,
    ) -> list[tuple[str, str]]:
        bundle = edited(requirements__txt=text.encode(), **files)
        return said(check(bundle, replace(context, packages=Knowledge(advisories, facts))))

    return look


def said(findings: list[Finding]) -> list[tuple[str, str]]:
    assert all(f.gate == "dependencies" and f.remediation and f.controls for f in findings)
    return [(finding.rule, finding.severity.value) for finding in findings]


def test_no_dependencies_are_nothing_to_say(leave_request: Bundle, context: GateContext) -> None:
    assert check(leave_request, context) == []


def test_a_locked_current_package_that_nothing_is_known_against_is_nothing_to_say(look) -> None:
    assert look() == []


def test_without_advisories_nobody_has_looked_and_a_person_decides(look) -> None:
    assert look(advisories=None) == [("advisories-missing", "approve")]


@pytest.mark.parametrize("as_of", [NOW - timedelta(days=15), NOW + timedelta(days=3)])
def test_advisories_that_are_old_or_of_the_future_do_not_pass_silently(look, as_of: datetime) -> None:
    assert look(advisories=Advisories(as_of)) == [("advisories-stale", "approve")]


def test_what_a_source_did_not_look_at_is_said(look) -> None:
    assert look(advisories=Advisories(unchecked=True)) == [("dependency-unchecked", "approve")]


@pytest.mark.parametrize(
    ("fault", "finding"),
    [
        (Vulnerability("CVE-1", fixed="1.1"), ("dependency-vulnerable", "block")),
        (Vulnerability("CVE-1"), ("dependency-unfixed", "approve")),
        (Vulnerability("MAL-1", malicious=True), ("dependency-malicious", "block")),
        (Vulnerability("MAL-1", fixed="1.1", malicious=True), ("dependency-malicious", "block")),
    ],
)
def test_a_known_fault_blocks_where_there_is_something_to_do(look, fault, finding) -> None:
    assert look(advisories=Advisories(thing=fault)) == [finding]


def test_the_remedy_is_the_line_to_write_and_stands_at_the_line(edited: Edit, context: GateContext) -> None:
    bundle = edited(requirements__txt=f"# ours\nThing==1.0 --hash=sha256:{HASH}\n".encode())
    knowledge = Knowledge(Advisories(thing=Vulnerability("CVE-1", ("GHSA-1",), "1.1")), Known())
    (found,) = [f for f in check(bundle, replace(context, packages=knowledge)) if f.line]
    assert (found.path, found.line) == ("requirements.txt", 2)
    assert "CVE-1, GHSA-1" in found.message
    assert "thing==1.1" in found.remediation


@pytest.mark.parametrize(
    ("facts", "finding"),
    [
        ({"exists": False}, ("package-missing", "block")),
        ({"yanked": True}, ("package-yanked", "block")),
        ({"licence": "AGPL-3.0-only"}, ("licence-denied", "block")),
        ({"licence": "Beerware"}, ("licence-unlisted", "approve")),
        ({"licence": None}, ("licence-unlisted", "approve")),
        ({"released": NOW - timedelta(days=2)}, ("package-fresh", "approve")),
        ({"sha256": ("b" * 64,)}, ("requirement-hash", "block")),
        ({"unusable": "it is published as source only"}, ("package-unusable", "block")),
    ],
)
def test_facts_are_judged(look, facts: dict, finding: tuple[str, str]) -> None:
    assert look(facts=Known(**facts)) == [finding]


def test_a_hash_that_was_published_is_fine(look) -> None:
    assert look(facts=Known(sha256=(HASH, "b" * 64))) == []


@pytest.mark.parametrize("facts", [None, Known()])
def test_unknown_facts_are_said(look, facts) -> None:
    found = look(f"other==1 --hash=sha256:{HASH}", facts=facts)
    assert found == [("package-facts-unknown", "warn")]


@pytest.mark.parametrize(
    "hashes", ["", f"--hash=sha256:{HASH} --hash=sha256:{'b' * 64}", f"--hash=sha512:{HASH * 2}"]
)
def test_a_package_has_the_one_hash_of_the_one_file_that_is_installed(look, hashes: str) -> None:
    assert look(f"thing==1.0 {hashes}") == [("requirement-hash", "block")]


def test_a_hash_of_another_file_than_the_one_installed_is_wrong(look) -> None:
    wheel = {"filename": "thing-1.0-py3-none-any.whl", "sha256": "b" * 64}
    assert look(facts=Known(wheel=wheel, sha256=(HASH, "b" * 64))) == [("requirement-hash", "block")]


def test_an_imitation_needs_approval(look) -> None:
    assert ("package-lookalike", "approve") in look("reqeusts==1.0")


@pytest.mark.parametrize(
    "path",
    [
        "pyproject.toml", "setup.py", "setup.cfg", "uv.lock", "poetry.lock", "pdm.lock", "Pipfile",
        "Pipfile.lock", "pylock.toml", "pylock.dev.toml", "environment.yml", "requirements-dev.txt",
        "requirements.in", "tests/requirements.txt", "Requirements.TXT", "dev_requirements.txt",
        "constraints.txt", "pip.conf", "vendor/x-1.0-py3-none-any.whl", "package.json",
    ],
)  # fmt: skip
def test_any_other_file_that_names_dependencies_is_refused(
    leave_request: Bundle, context: GateContext, path
) -> None:
    (found,) = check(Bundle({**leave_request.files, path: b""}), context)
    assert (found.rule, found.severity, found.path) == ("dependency-file", Severity.BLOCK, path)


@pytest.mark.parametrize(
    "path", ["logic.py", "notes.txt", "tests/test_logic.py", "data/list.csv", "README.md"]
)
def test_other_files_are_none_of_its_business(leave_request: Bundle, context: GateContext, path: str) -> None:
    assert check(Bundle({**leave_request.files, path: b""}), context) == []


def test_faults_and_facts_are_told_together(look) -> None:
    found = look("requests>=2\nthing==1.0\n", facts=Known(yanked=True))
    assert {rule for rule, _ in found} == {"requirement-unpinned", "requirement-hash", "package-yanked"}


def test_advisories_that_cannot_be_read_make_the_gate_fail(
    edited: Edit, context: GateContext, tmp_path: Path
) -> None:
    (tmp_path / "bad.zip").write_bytes(b"junk")
    bundle = edited(requirements__txt=b"thing==1.0\n")
    for path in (tmp_path / "bad.zip", tmp_path / "nowhere.zip", tmp_path):
        knowledge = Knowledge(AdvisoryFile(path))
        (found,) = run_one("dependencies", bundle, replace(context, packages=knowledge)).findings
        assert (found.rule, found.severity) == ("gate-failed", Severity.BLOCK)


@pytest.mark.parametrize("text", [None, "", "[]", "advisories_max_age_days: 0\n", ": : :"])
def test_rules_that_cannot_be_read_make_the_gate_fail(
    edited: Edit, context: GateContext, tmp_path, text
) -> None:
    if text is not None:
        (tmp_path / "dependencies.yaml").write_text(text)
    with pytest.raises(GateFailed):
        check(edited(requirements__txt=b"thing==1.0\n"), replace(context, policies=tmp_path))


def test_the_rules_are_part_of_what_a_decision_records(
    leave_request: Bundle, context: GateContext, tmp_path: Path
) -> None:
    shutil.copytree(context.policies, tmp_path / "policies")
    other = replace(context, policies=tmp_path / "policies")
    before = run_one("dependencies", leave_request, other).policy_digest
    assert before == run_one("dependencies", leave_request, context).policy_digest
    with (tmp_path / "policies" / "dependencies.yaml").open("a") as file:
        file.write("\n# changed\n")
    assert run_one("dependencies", leave_request, other).policy_digest != before


def test_a_requirement_nobody_pinned_refuses_the_app(edited: Edit, context: GateContext) -> None:
    report = run(edited(requirements__txt=b"requests\n"), context)
    assert report.decision is Decision.REFUSED


def test_every_rule_of_the_gate_is_explained_and_no_other() -> None:
    sources = [*Path("functions/appguard/gates/dependencies").glob("*.py"), Path(requirements.__file__)]
    words = {word for path in sources for word in NAMED.findall(path.read_text())}
    chapter = {name for name, entry in of_gates().items() if entry.topic == "gate dependencies"}
    assert words == chapter
