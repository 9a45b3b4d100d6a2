"""`appguard check` as a person and a program meet it."""

import contextlib
import json
import os
import pty
import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner

from appguard.cli.main import app
from appguard.gates.limits import SECONDS
from tests.support.package_index import installed, serving

EXAMPLES = Path(__file__).parents[3] / "examples"
runner = CliRunner()


def check(*arguments: str | Path) -> tuple[int, str, str]:
    result = runner.invoke(app, ["check", *map(str, arguments)])
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture
def low_risk(tmp_path: Path) -> Path:
    folder = tmp_path / "rooms"
    assert (
        runner.invoke(
            app, ["init", "office-self-service", str(folder), "--owner", "ana@example.com"]
        ).exit_code
        == 0
    )
    return folder


def test_an_app_nobody_must_approve_exits_0(low_risk: Path) -> None:
    code, out, _ = check(low_risk)
    assert (code, out.splitlines()[0]) == (0, "Clear: it will be published without anybody being asked.")


def test_an_app_that_needs_approval_exits_2() -> None:
    code, out, _ = check(EXAMPLES / "leave-request")
    assert code == 2
    assert out.startswith("Needs approval")


def test_a_refused_app_exits_1_and_names_file_line_and_remedy() -> None:
    folder = EXAMPLES / "bad" / "connector-unknown"
    code, out, _ = check(folder)
    assert code == 1
    assert "connector-unknown" in out
    assert f"{folder}/app.yaml:19" in out.replace("\n", "")
    assert "→ Did you mean" in out or "→ Choose one of" in out


def test_a_folder_that_cannot_be_checked_exits_3(tmp_path: Path) -> None:
    code, out, err = check(tmp_path / "nowhere")
    assert (code, out) == (3, "")
    assert "is not a folder" in err
    assert check(tmp_path)[0] == 3


def test_json_is_the_contract(tmp_path: Path) -> None:
    target = tmp_path / "report.json"
    code, out, _ = check(EXAMPLES / "leave-request", "--format", "json", "--output", target)
    assert (code, out) == (2, "")
    report = json.loads(target.read_text())
    assert set(report) == {"decision", "risk", "findings", "bundle_digest", "policy_digest", "sbom"}
    assert report["decision"] == "needs_approval"
    assert set(report["risk"]) == {"tier", "reasons"}
    assert set(report["findings"][0]) == {
        "gate", "rule", "severity", "message", "remediation", "path", "line", "controls",
    }  # fmt: skip


def test_advisories_are_looked_at_for_pinned_packages(low_risk: Path, tmp_path: Path) -> None:
    record = {
        "id": "PYSEC-1",
        "modified": datetime.now(UTC).isoformat(),
        "affected": [
            {
                "package": {"ecosystem": "PyPI", "name": "Thing"},
                "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.1"}]}],
            }
        ],
    }
    (tmp_path / "advisories").mkdir()
    (tmp_path / "advisories" / "PYSEC-1.json").write_text(json.dumps(record))
    given = ("--advisories", tmp_path / "advisories")

    (low_risk / "requirements.txt").write_text(f"thing==1.0 --hash=sha256:{'a' * 64}\n")
    assert check(low_risk)[0] == 2
    code, out, _ = check(low_risk, *given)
    assert (code, "dependency-vulnerable" in out) == (1, True)

    (low_risk / "requirements.txt").write_text(f"thing==1.1 --hash=sha256:{'a' * 64}\n")
    assert check(low_risk, *given)[0] == 0
    assert check(low_risk, "--advisories", tmp_path / "nowhere")[0] == 3


def test_facts_of_packages_are_looked_at(low_risk: Path, tmp_path: Path) -> None:
    facts = {"packages": [{"name": "thing", "version": "1.0", "licence": "AGPL-3.0-only"}]}
    (tmp_path / "facts.json").write_text(json.dumps(facts))
    (low_risk / "requirements.txt").write_text(f"thing==1.0 --hash=sha256:{'a' * 64}\n")
    code, out, _ = check(low_risk, "--package-facts", tmp_path / "facts.json")
    assert (code, "licence-denied" in out) == (1, True)


def test_packages_are_completed_installed_and_imported_by_tests(
    low_risk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (low_risk / "requirements.txt").write_text("python-dateutil==1\n")
    (low_risk / "tests").mkdir(exist_ok=True)
    (low_risk / "tests" / "test_days.py").write_text(
        "from dateutil.parser import parse\n\n\ndef test_day():\n    assert parse('2026-01-02').day == 2\n"
    )
    with serving() as index:
        for name in ("python-dateutil", "six"):
            version, wheel, requires = installed(name)
            index.add(name, version, wheel)
            if name == "python-dateutil":
                assert requires
                (low_risk / "requirements.txt").write_text(f"{name}=={version}\n")
        asked = ("--index", index.url)
        code, out, _ = check(low_risk, *asked)
        assert code == 1
        assert {"requirement-hash", "requirement-missing", "test-failed"} <= set(out.split())
        assert "python-dateutil needs six" in out
        code, out, _ = check(low_risk, *asked, "--fix")
        assert (code, "+six==" in out) == (2, True)
        assert {"test-failed", "tests-escape"}.isdisjoint(out.split())
    assert check(low_risk, "--index", "http://pypi.example/simple")[0] == 3


def test_sarif_names_each_finding_at_its_line() -> None:
    code, out, _ = check(EXAMPLES / "bad" / "egress-forbidden", "--format", "sarif")
    assert code == 1
    (run,) = json.loads(out)["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    result = next(result for result in run["results"] if result["ruleId"] == "egress-forbidden")
    assert rules[result["ruleIndex"]] == "egress-forbidden"
    assert result["level"] == "error"
    place = result["locations"][0]["physicalLocation"]
    assert place == {"artifactLocation": {"uri": "app.yaml"}, "region": {"startLine": 37}}


def test_junit_fails_what_is_refused() -> None:
    code, out, _ = check(EXAMPLES / "bad" / "data-class-understated", "--format", "junit")
    assert code == 1
    suites = {suite.get("name"): suite for suite in ElementTree.fromstring(out)}
    assert set(suites) == set(SECONDS)
    assert suites["policy"].get("failures") == "1"
    assert "health_note" in suites["policy"].find(".//failure").get("message")


@pytest.mark.parametrize("format_", ["text", "json", "sarif", "junit", "github"])
def test_a_hostile_bundle_is_refused_with_a_finding_in_every_format(tmp_path: Path, format_: str) -> None:
    (tmp_path / "app.yaml").write_text("a: 1\n")
    (tmp_path / "passwd").symlink_to("/etc/passwd")
    bomb = tmp_path.parent / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("app.yaml", b"\0" * 50_000_000)
    for hostile in (tmp_path, bomb):
        code, out, _ = check(hostile, "--format", format_)
        assert code == 1
        assert "bundle-invalid" in out
    assert json.loads(check(tmp_path, "--format", "json")[1])["bundle_digest"] is None


def test_progress_is_shown_on_a_terminal_only(low_risk: Path) -> None:
    shown = {}
    for on_terminal in (True, False):
        master, end = pty.openpty()
        done = subprocess.Popen(
            [str(Path(sys.executable).with_name("appguard")), "check", str(low_risk)],
            stdout=subprocess.DEVNULL,
            stderr=end if on_terminal else subprocess.PIPE,
            env={"PATH": os.defpath, "TERM": "xterm", "PYTHONPATH": "functions"},
        )
        os.close(end)
        said = b""
        with contextlib.suppress(OSError):
            while on_terminal and (more := os.read(master, 4096)):
                said += more
        os.close(master)
        _, err = done.communicate()
        assert done.returncode == 0
        shown[on_terminal] = said + (err or b"")
    assert b"manifest" in shown[True]
    assert b"running" in shown[True]
    assert shown[False] == b""


def test_names_with_control_characters_do_not_reach_the_terminal(low_risk: Path) -> None:
    manifest = low_risk / "app.yaml"
    manifest.write_text(manifest.read_text() + "\x85\nodd\u2028key: 1\n")
    _, out, _ = check(low_risk)
    assert "\x1b" not in out
    assert "\u2028" not in out


def test_help_imports_no_command() -> None:
    script = (
        "import sys; from appguard.cli.main import app\n"
        "try: app(['--help'])\n"
        "except SystemExit: pass\n"
        "print([m for m in ('regopy', 'boto3', 'appguard.cli.check', 'yaml') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith("[]")
