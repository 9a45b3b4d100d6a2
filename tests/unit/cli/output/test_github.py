from pathlib import Path

import pytest

from appguard.apps.model import Risk
from appguard.cli.output.github import render
from appguard.gates.model import Decision, Report
from appguard.kernel.finding import Finding, Severity
from appguard.kernel.levels import RiskTier


def report(*findings: Finding) -> Report:
    return Report(
        decision=Decision.REFUSED,
        risk=Risk(tier=RiskTier.LOW, reasons=()),
        findings=findings,
        bundle_digest=None,
        policy_digest="sha256:" + "0" * 64,
        sbom={},
    )


def finding(severity: Severity = Severity.BLOCK, **more: object) -> Finding:
    given = {
        "gate": "g",
        "rule": "some-rule",
        "severity": severity,
        "message": "Odd.",
        "remediation": "Mend.",
    }
    return Finding.model_validate(given | more)


def test_a_finding_becomes_an_annotation_at_its_place() -> None:
    out = render(report(finding(path="app.yaml", line=7)), Path("my/app"))
    assert "::error title=some-rule (block),file=my/app/app.yaml,line=7::Odd. Mend.\n" in out


@pytest.mark.parametrize(
    ("severity", "level"),
    [
        (Severity.BLOCK, "error"),
        (Severity.APPROVE, "warning"),
        (Severity.WARN, "warning"),
        (Severity.HINT, "notice"),
    ],
)
def test_severities_become_levels(severity: Severity, level: str) -> None:
    assert f"\n::{level} " in render(report(finding(severity)), Path())


def test_what_a_bundle_says_cannot_begin_a_command_or_another_property() -> None:
    hostile = finding(message="100%\r\n::set-env name=x::y", path="a,line=1:b%.yaml")
    out = render(report(hostile), Path())
    assert len(out.splitlines()) == 2
    assert "::100%25%0D%0A::set-env name=x::y Mend." in out
    assert "file=a%2Cline=1%3Ab%25.yaml::" in out


def test_no_more_are_sent_than_github_shows_and_the_worst_come_first() -> None:
    out = render(report(*[finding(Severity.WARN)] * 9, *[finding(Severity.APPROVE)] * 5, finding()), Path())
    lines = out.splitlines()
    assert lines[1].startswith("::error ")
    assert sum(line.startswith("::warning ") for line in lines) == 10
    assert sum("(approve)" in line for line in lines) == 5
    assert lines[-1] == "4 more at level warning are not shown here."


def test_a_folder_below_the_root_is_named_from_the_root(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "file=apps/x/app.yaml" in render(report(finding(path="app.yaml")), tmp_path / "apps" / "x")
