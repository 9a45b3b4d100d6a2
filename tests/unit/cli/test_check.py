"""`appguard check` as a person and a program meet it."""

import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner

from appguard.cli.main import app

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
    assert set(suites) == {"manifest", "policy", "secrets", "data"}
    assert suites["policy"].get("failures") == "1"
    assert "health_note" in suites["policy"].find(".//failure").get("message")


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
