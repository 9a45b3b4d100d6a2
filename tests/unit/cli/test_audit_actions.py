from pathlib import Path

from typer.testing import CliRunner

from appguard.cli.main import app


def test_the_page_of_actions_is_up_to_date() -> None:
    result = CliRunner().invoke(app, ["audit", "actions"])
    assert result.exit_code == 0
    assert Path("docs/actions.md").read_text() == result.stdout, (
        "run: appguard audit actions > docs/actions.md"
    )
