import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from appguard.apps.bundle import Bundle
from appguard.cli.main import COMMANDS, app

runner = CliRunner()


def test_help_names_every_command() -> None:
    out = runner.invoke(app, ["--help"]).stdout
    assert all(f"\n  {name} " in out for name in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_can_be_loaded(command: str) -> None:
    result = runner.invoke(app, [command, "--help"])
    assert result.exit_code == 0
    assert "Usage" in result.stdout


def test_an_unknown_command_is_named() -> None:
    result = runner.invoke(app, ["chekc"])
    assert result.exit_code == 3
    assert "chekc" in result.stderr


@pytest.mark.parametrize(
    "line", ["check", "check x --format xml", "check --strict x", "--nope", "init a b c"]
)
def test_a_mistyped_line_does_not_exit_with_the_word_for_needs_approval(line: str) -> None:
    assert runner.invoke(app, line.split()).exit_code == 3


@pytest.mark.parametrize("command", ["policy", "audit", "check"])
def test_help_looks_the_same_everywhere(command: str) -> None:
    assert "╭" not in runner.invoke(app, [command, "--help"]).stdout


def test_the_schema_is_json_schema() -> None:
    schema = json.loads(runner.invoke(app, ["schema"]).stdout)
    assert schema["$schema"].endswith("2020-12/schema")
    assert "metadata" in schema["properties"]


def test_init_fills_in_what_is_known(tmp_path: Path) -> None:
    folder = tmp_path / "My Leave"
    result = runner.invoke(
        app, ["init", "hr-self-service", str(folder), "--owner", "ana@example.com", "--team", "HR"]
    )
    assert result.exit_code == 0
    manifest = (folder / "app.yaml").read_text()
    assert '"my-leave"' in manifest
    assert '"ana@example.com"' in manifest
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert files == {"app.yaml", ".github/workflows/check.yml"}
    assert list(Bundle.from_dir(folder).files) == ["app.yaml"]


def test_init_writes_nothing_into_a_folder_with_files(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    assert runner.invoke(app, ["init", "hr-self-service", str(tmp_path)]).exit_code == 3
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_init_names_the_templates_there_are(tmp_path: Path) -> None:
    result = runner.invoke(app, ["init", "no-such", str(tmp_path / "x")])
    assert result.exit_code == 3
    assert "hr-self-service" in result.stderr
