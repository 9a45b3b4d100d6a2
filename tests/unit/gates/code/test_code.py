import gzip
import stat
from pathlib import Path

import pytest

from appguard.apps.bundle import Bundle
from appguard.gates import code
from appguard.gates.code import bandit, core, semgrep, workshop
from appguard.gates.model import Decision, GateContext, GateFailed
from appguard.gates.runner import run
from appguard.kernel.finding import Finding, Severity
from tests.unit.gates.code.snippets import HARD, HARMLESS, HELPERS, REQUIREMENTS

ONLY_BANDIT = {
    "a broken hash": "import hashlib\n\ndef f(x):\n    return hashlib.md5(x).hexdigest()\n",
    "letters that turn the reading round": "a = 1  # \u202e dne \u2066\n",
}
ONLY_SEMGREP = {
    "a file read by a package": "import pandas as pd\n\ndef f():\n    return pd.read_csv('rows.csv')\n",
    "a reader under another name": "from pandas import read_excel as rows\n\nx = rows('rows.xlsx')\n",
    "YAML that makes objects": "import yaml\n\ndef f(x):\n    return yaml.load(x, Loader=yaml.Loader)\n",
    "pickles in an array": "import numpy\n\ndef f(x):\n    return numpy.load(x, allow_pickle=True)\n",
    "a computed query": "def f(broker, name):\n    return broker.query('hr-db', 'team_' + name, {})\n",
}


def found(context: GateContext, **files: bytes) -> list[Finding]:
    named = {name.replace("__", "."): content for name, content in files.items()}
    content = {"app.yaml": b"x", "helpers.py": HELPERS, "requirements.txt": REQUIREMENTS, **named}
    return code.check(Bundle(content), context)


def many(snippets: dict[str, str]) -> dict[str, bytes]:
    return {f"s{n:03}__py": text.encode() for n, text in enumerate(snippets.values())}


def test_what_only_one_tool_sees_is_found(context: GateContext) -> None:
    of_bandit = {f.path for f in found(context, **many(ONLY_BANDIT)) if f.rule == "code-misuse"}
    assert of_bandit == {f"s{n:03}.py" for n in range(len(ONLY_BANDIT))}
    of_semgrep = found(context, **many(ONLY_SEMGREP))
    assert {f.path for f in of_semgrep} == {f"s{n:03}.py" for n in range(len(ONLY_SEMGREP))}
    assert {f.rule for f in of_semgrep} == {"code-reads-files", "code-runs-text", "code-computed-operation"}


def test_honest_code_passes_all_three(context: GateContext) -> None:
    assert found(context, **many(HARMLESS)) == []


def test_what_semgrep_reads_but_half_asks_for_a_reader(context: GateContext) -> None:
    guarded = b"def f(x):\n    match x:\n        case {'days': days}:\n            return days\n"
    (finding,) = found(context, logic__py=guarded)
    assert (finding.rule, finding.severity, finding.line) == ("code-half-read", Severity.APPROVE, 1)


def test_hidden_code_is_found_and_told_once_for_each_line_and_rule(context: GateContext) -> None:
    findings = found(context, **many(HARD))
    assert {f.path for f in findings} == {f"s{n:03}.py" for n in range(len(HARD))}
    places = [(f.path, f.line, f.rule) for f in findings]
    assert len(places) == len(set(places))
    assert not any(f.rule == "code-misuse" and f.severity is not Severity.BLOCK for f in findings)


def test_a_bundle_cannot_switch_a_tool_off(context: GateContext) -> None:
    findings = found(
        context,
        logic__py=b"import hashlib\nx = hashlib.md5(b'a')  # nosec\n",
        more__py=b"import pandas\n# nosemgrep\nx = pandas.read_csv('a')  # nosemgrep: code-reads-files\n",
        **{
            ".bandit": b"[bandit]\nskips: B324\n",
            ".semgrepignore": b"*\n",
            "pyproject.toml": b"[tool.bandit]\nskips=['B324']\n",
        },
    )
    assert {(f.rule, f.path, f.line) for f in findings} == {
        ("code-misuse", "logic.py", 2),
        ("code-reads-files", "more.py", 3),
    }


def test_without_python_no_tool_starts(context: GateContext, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workshop.subprocess, "Popen", lambda *_, **__: pytest.fail("a tool was started"))
    assert code.check(Bundle({"app.yaml": b"x", "README.md": b"# Leave\n"}), context) == []


def test_clean_code_asks_for_what_its_risk_asks_for_and_no_more(
    leave_request: Bundle, context: GateContext
) -> None:
    report = run(Bundle({**leave_request.files, "logic.py": HARMLESS["money"].encode()}), context)
    assert report.decision is Decision.NEEDS_APPROVAL
    assert {f.rule for f in report.findings} == {"personal-data", "export-personal"}
    assert any("logic.py" in reason for reason in report.risk.reasons)


@pytest.mark.parametrize("tool", ["bandit", "semgrep"])
@pytest.mark.parametrize(
    "says", ["exit 0", "echo '{}'; exit 0", "echo '[]'", "echo nonsense", "echo '{}'; exit 3"]
)
def test_a_tool_that_answers_nonsense_fails_the_gate(
    context: GateContext, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, tool: str, says: str
) -> None:
    fake = tmp_path / "tool"
    fake.write_text(f"#!/bin/sh\n{says}\n")
    fake.chmod(0o755)
    if tool == "bandit":
        monkeypatch.setattr(bandit.sys, "executable", str(fake))
    else:
        monkeypatch.setattr(semgrep, "core", lambda: fake)
    with pytest.raises(GateFailed):
        found(context)


@pytest.mark.parametrize(
    "rules", ["rules: nonsense", "rules:\n  - id: x\n    languages: [python]\n    pattern: '((('\n"]
)
def test_rules_that_cannot_be_used_fail_the_gate(context: GateContext, tmp_path: Path, rules: str) -> None:
    (tmp_path / "semgrep").mkdir()
    (tmp_path / "semgrep" / "python.yaml").write_text(rules)
    with pytest.raises(GateFailed):
        found(GateContext(context.connectors, tmp_path))


def test_a_packed_core_is_unpacked_once_to_a_place_of_our_own(tmp_path: Path) -> None:
    packed = tmp_path / "semgrep-core.gz"
    packed.write_bytes(gzip.compress(b"#!/bin/sh\n"))
    program = core.unpacked(packed, tmp_path)
    assert program.read_bytes() == b"#!/bin/sh\n"
    assert stat.S_IMODE(program.parent.stat().st_mode) == 0o700
    before = program.stat().st_mtime_ns
    assert core.unpacked(packed, tmp_path).stat().st_mtime_ns == before


def test_a_place_others_can_write_to_is_not_trusted(tmp_path: Path) -> None:
    packed = tmp_path / "semgrep-core.gz"
    packed.write_bytes(gzip.compress(b"x"))
    home = core.unpacked(packed, tmp_path).parent
    home.chmod(0o777)
    with pytest.raises(GateFailed, match="somebody else"):
        core.unpacked(packed, tmp_path)
