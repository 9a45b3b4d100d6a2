from appguard.kernel.finding import Finding, Severity
from appguard.portal.findings import grouped


def finding(rule, severity, line):
    return Finding(
        gate="policy",
        rule=rule,
        severity=severity,
        message=f"{rule} {line}",
        remediation="Mend it.",
        path="app.yaml",
        line=line,
    )


def test_what_blocks_comes_first_and_one_rule_speaks_once():
    groups = grouped(
        [
            finding("note", Severity.HINT, 1),
            finding("personal", Severity.APPROVE, 9),
            finding("secret", Severity.BLOCK, 30),
            finding("personal", Severity.APPROVE, 3),
        ]
    )
    assert [(group.rule, [place.line for place in group.places]) for group in groups] == [
        ("secret", [30]),
        ("personal", [3, 9]),
        ("note", [1]),
    ]
