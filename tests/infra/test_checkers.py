"""What independent checkers say of the templates for AWS."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from aws_cdk import App, Stack, Validations
from aws_cdk.aws_s3 import CfnBucket

from infra.bundle import ROOT
from infra.nag import ACCEPTED, Nag


def test_cfn_lint_finds_no_error(aws):
    micro_app = ROOT / "functions" / "appguard" / "provisioning" / "micro_app.template.json"
    templates = [str(file) for file in [*sorted(aws.folder.glob("*.template.json")), micro_app]]
    done = subprocess.run(
        [
            Path(sys.executable).with_name("cfn-lint"),
            "--non-zero-exit-code",
            "error",
            "--format",
            "parseable",
            *templates,
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_cdk_nag_finds_nothing_that_is_not_accepted(aws):
    assert json.loads((aws.folder / "validation-report.json").read_text())["pluginReports"] == []


def test_cdk_nag_fails_a_synthesis_with_a_finding():
    app = App()
    CfnBucket(Stack(app, "careless"), "Open")
    Validations.of(app).add_plugins(Nag(app))
    with pytest.raises(RuntimeError, match="AwsSolutions-S10"):
        app.synth()


def test_accepted_findings_are_few_and_each_says_why():
    assert len(ACCEPTED) < 25
    for line in ACCEPTED:
        assert len(line.reason) > 40, line
        assert line.at.startswith(("^appguard-", "/DeadLetters")), "accepted for a place, not everywhere"
