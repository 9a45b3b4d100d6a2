import json
from pathlib import Path

from typer.testing import CliRunner

from appguard.cli.main import app

ROOT = Path(__file__).parents[3]
runner = CliRunner()


def test_all_cases_of_all_rules_pass() -> None:
    result = runner.invoke(app, ["policy", "test"])
    assert result.exit_code == 0, result.stdout
    assert "FAIL" not in result.stdout


def test_policies_that_do_not_load_exit_3(tmp_path: Path) -> None:
    result = runner.invoke(app, ["policy", "test", "--policies", str(tmp_path)])
    assert result.exit_code == 3
    assert "data_classes.yaml" in result.stderr


def test_the_rule_catalogue_is_up_to_date() -> None:
    result = runner.invoke(app, ["policy", "docs"])
    assert result.exit_code == 0
    assert (ROOT / "docs" / "rules.md").read_text() == result.stdout, (
        "run: appguard policy docs > docs/rules.md"
    )


def test_an_input_without_facts_exits_3(tmp_path: Path) -> None:
    document = tmp_path / "input.json"
    document.write_text("{}")
    result = runner.invoke(app, ["policy", "eval", "--input", str(document)])
    assert result.exit_code == 3
    assert "wrong shape" in result.stderr


def test_an_input_is_judged(tmp_path: Path) -> None:
    document = json.loads((ROOT / "tests/unit/cli/quiet.json").read_text())
    target = tmp_path / "input.json"
    target.write_text(json.dumps(document))
    clear = runner.invoke(app, ["policy", "eval", "--input", str(target)])
    assert (clear.exit_code, json.loads(clear.stdout)["findings"]) == (0, [])
    target.write_text(json.dumps({**document, "egress": [{"host": "10.0.0.1", "kind": "address"}]}))
    refused = runner.invoke(app, ["policy", "eval", "--input", str(target)])
    assert refused.exit_code == 1
    assert json.loads(refused.stdout)["findings"][0]["rule"] == "egress-forbidden"
