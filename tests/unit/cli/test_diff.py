import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from appguard.cli.main import app

EXAMPLE = Path("examples/leave-request")
runner = CliRunner()


@pytest.fixture
def smaller(tmp_path: Path) -> Path:
    text = (EXAMPLE / "app.yaml").read_text().replace(", team_calendar]", "]")
    (tmp_path / "app.yaml").write_text(text)
    return tmp_path


def test_more_is_marked_and_exits_with_needs_approval(smaller: Path) -> None:
    result = runner.invoke(app, ["diff", str(smaller), str(EXAMPLE)])

    assert result.exit_code == 2
    assert "+ It will now also read “Who is away in my team” from HR database (personal)." in result.stdout


def test_less_is_marked_and_exits_with_clear(smaller: Path) -> None:
    result = runner.invoke(app, ["diff", str(EXAMPLE), str(smaller)])

    assert result.exit_code == 0
    assert all(line.startswith("- ") for line in result.stdout.splitlines())


def test_nothing_is_said_in_words() -> None:
    result = runner.invoke(app, ["diff", str(EXAMPLE), str(EXAMPLE)])

    assert (result.exit_code, result.stdout) == (0, "Both can do exactly the same.\n")


def test_json_gives_each_entry_with_kind_change_subject_class_and_sentence(smaller: Path) -> None:
    found = json.loads(runner.invoke(app, ["diff", str(smaller), str(EXAMPLE), "--format", "json"]).stdout)

    assert found["grew"] is True
    assert {
        "kind": "query",
        "change": "added",
        "subject": "hr-db/team_calendar",
        "data_class": "personal",
        "sentence": "It will now also read “Who is away in my team” from HR database (personal).",
    } in found["entries"]


@pytest.mark.parametrize("wrong", ["missing", "."])
def test_what_is_no_bundle_exits_three(wrong: str) -> None:
    assert runner.invoke(app, ["diff", str(EXAMPLE), wrong]).exit_code == 3


def test_a_name_with_control_characters_does_not_reach_the_terminal(smaller: Path) -> None:
    text = (smaller / "app.yaml").read_text()
    (smaller / "app.yaml").write_text(text.replace("label: Comment", 'label: "Com\\e[31mment"'))

    assert "\x1b" not in runner.invoke(app, ["diff", str(EXAMPLE), str(smaller)]).stdout
