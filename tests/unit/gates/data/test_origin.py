"""Personal data asks for a protected source, and the review says so before it asks anybody."""

from dataclasses import replace

import pytest

from appguard.gates.data import check
from appguard.gates.decision import decide
from appguard.gates.model import Decision
from appguard.kernel.finding import Severity
from appguard.kernel.levels import RiskTier
from appguard.provenance.model import PortalSource
from appguard.provenance.sources import sources
from tests.support.git_source import OURS, git
from tests.support.world import harmless


@pytest.fixture(autouse=True)
def _one_protected_branch(tmp_path, monkeypatch):
    file = tmp_path / "sources.yaml"
    file.write_text(f"repositories:\n  - url: {OURS}\n    refs: [refs/heads/main]\n")
    monkeypatch.setenv("SOURCES_FILE", str(file))
    sources.cache_clear()
    yield
    sources.cache_clear()


def found(bundle, context, source):
    findings = check(bundle, replace(context, source=source))
    return [finding for finding in findings if finding.rule == "source-not-protected"]


def test_an_app_with_personal_data_from_an_unprotected_branch_is_refused(leave_request, context):
    [finding] = found(leave_request, context, git(ref="refs/heads/draft"))

    assert finding.severity is Severity.BLOCK
    assert "refs/heads/draft" in finding.message
    assert "personal" in finding.message
    assert "policies/sources.yaml" in finding.remediation
    assert decide([finding], RiskTier.LOW) is Decision.REFUSED


def test_also_when_the_git_service_says_that_a_listed_branch_is_open(leave_request, context):
    [finding] = found(leave_request, context, git(guarded=False))
    assert "its Git service does not protect" in finding.message


@pytest.mark.parametrize("source", [git(), PortalSource(draft="sha256:" + "0" * 64), None], ids=str)
def test_a_protected_branch_the_portal_and_a_laptop_are_no_reason(leave_request, context, source):
    assert found(leave_request, context, source) == []


def test_less_sensitive_data_may_come_from_any_linked_branch(context):
    assert found(harmless(), context, git(ref="refs/heads/draft", guarded=False)) == []
