"""`appguard sbom` as a person and a program meet it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from appguard.cli.main import app

EXAMPLE = Path(__file__).parents[3] / "examples" / "leave-request"
runner = CliRunner()


@pytest.mark.parametrize(
    ("options", "key", "value"),
    [
        ((), "spdxVersion", "SPDX-2.3"),
        (("--format", "spdx"), "spdxVersion", "SPDX-2.3"),
        (("--format", "cyclonedx"), "bomFormat", "CycloneDX"),
    ],
)
def test_the_bill_is_printed_in_the_form_asked_for(options: tuple[str, ...], key: str, value: str) -> None:
    result = runner.invoke(app, ["sbom", str(EXAMPLE), *options])
    assert (result.exit_code, json.loads(result.stdout)[key]) == (0, value)


def test_a_folder_that_is_no_bundle_exits_3(tmp_path: Path) -> None:
    result = runner.invoke(app, ["sbom", str(tmp_path)])
    assert (result.exit_code, result.stdout) == (3, "")
    assert "app.yaml" in result.stderr
