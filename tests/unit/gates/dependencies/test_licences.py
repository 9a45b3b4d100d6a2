import pytest

from appguard.gates.dependencies.licences import Verdict, judge
from appguard.gates.dependencies.rules import Licences

RULES = Licences(allowed=frozenset({"MIT", "Apache-2.0"}), denied=frozenset({"GPL-3.0-only"}))


@pytest.mark.parametrize(
    ("expression", "verdict"),
    [
        ("MIT", Verdict.ALLOWED),
        ("mit", Verdict.ALLOWED),
        ("MIT AND Apache-2.0", Verdict.ALLOWED),
        ("MIT OR GPL-3.0-only", Verdict.ALLOWED),
        ("MIT AND GPL-3.0-only", Verdict.DENIED),
        ("(MIT OR ISC) AND GPL-3.0-only", Verdict.DENIED),
        ("GPL-3.0-only", Verdict.DENIED),
        ("GPL-3.0-only OR ISC", Verdict.UNLISTED),
        ("ISC", Verdict.UNLISTED),
        ("GPL-3.0-only WITH Classpath-exception-2.0", Verdict.UNLISTED),
        ("LicenseRef-Proprietary", Verdict.UNLISTED),
        ("see the file", Verdict.UNLISTED),
        ("MIT AND", Verdict.UNLISTED),
        ("(" * 400, Verdict.UNLISTED),
        ("MIT " * 1000, Verdict.UNLISTED),
        ("", Verdict.UNLISTED),
        (None, Verdict.UNLISTED),
    ],
)
def test_of_a_choice_the_best_and_of_a_combination_the_worst(
    expression: str | None, verdict: Verdict
) -> None:
    assert judge(expression, RULES) is verdict
