from typer.testing import CliRunner

from appguard.cli.main import app

runner = CliRunner()


def test_a_rego_rule_is_explained_with_examples_from_its_cases() -> None:
    result = runner.invoke(app, ["explain", "internal-data-public"])
    assert result.exit_code == 0
    assert "What to do: Set intent.users" in result.stdout
    assert "Bad: an internal column\n      manifest.intent.users = public\n" in result.stdout
    assert "Good: " in result.stdout


def test_a_gates_own_rule_is_explained() -> None:
    result = runner.invoke(app, ["explain", "secret-hidden"])
    assert result.exit_code == 0
    assert "It refuses." in result.stdout
    assert "Controls: ISO27001-A.8.24" in result.stdout


def test_a_rule_there_is_not_exits_3_and_names_the_nearest() -> None:
    result = runner.invoke(app, ["explain", "secret-hiden"])
    assert result.exit_code == 3
    assert "secret-hidden" in result.stderr
