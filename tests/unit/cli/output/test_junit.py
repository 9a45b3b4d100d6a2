"""Strictly parsed: the elements, attributes and order that Jenkins, GitLab and GitHub read in common."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from appguard.apps.bundle import Bundle
from appguard.apps.bundle_rules import BundleError
from appguard.cli.output.junit import render
from appguard.gates.model import GateContext, Report
from appguard.gates.runner import refused, run
from appguard.kernel.finding import Severity

CONTEXT = GateContext.of_platform()
FOLDERS = [Path("examples/leave-request"), *sorted(Path("examples/bad").iterdir())]


def strictly(text: str, report: Report) -> None:
    root = ElementTree.fromstring(text.encode())
    assert (root.tag, set(root.attrib)) == ("testsuites", {"name"})
    for suite in root:
        assert (suite.tag, set(suite.attrib)) == ("testsuite", {"name", "tests", "failures", "errors"})
        assert int(suite.get("tests", "")) == len(suite)
        assert int(suite.get("failures", "")) == len(suite.findall("testcase/failure"))
        for case in suite:
            assert (case.tag, set(case.attrib)) == ("testcase", {"classname", "name"})
            assert [child.tag for child in case] in ([], ["failure"], ["system-out"])
    blocked = sum(finding.severity is Severity.BLOCK for finding in report.findings)
    assert len(root.findall(".//failure")) == blocked
    assert len({suite.get("name") for suite in root}) == len(root)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_report_is_plain_junit(folder: Path) -> None:
    report = run(Bundle.from_dir(folder), CONTEXT, seconds={"manifest": 30, "policy": 30})
    strictly(render(report, folder), report)


def test_a_refused_bundle_fails_a_suite_of_its_own() -> None:
    report = refused(BundleError("<&\x00\udcff>\n"), CONTEXT)
    strictly(render(report, Path("x")), report)
    assert 'name="bundle"' in render(report, Path("x"))
