from pathlib import Path

import pytest

from appguard.gates.review_policy import load, review_policy
from appguard.kernel.errors import Misconfigured

GIVEN = Path("policies/review.yaml").read_text()


def test_an_untouched_installation_always_asks_a_person() -> None:
    assert review_policy().skip_the_human.enabled is False


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("enabled: false", "enabeld: true"),
        ("max_tier: medium", "max_tier: any"),
        ("approval_days: 90", "approval_days: 0"),
        ("approval_days: 90", "approval_days: 9999"),
        (", high: 90", ""),
        ("exceptions:", "exemptions:"),
        ("enabled: false", "enabled: false\n  enabled: true"),
        (GIVEN, ""),
    ],
)
def test_a_file_that_says_anything_it_should_not_is_refused(tmp_path: Path, old: str, new: str) -> None:
    assert old in GIVEN
    path = tmp_path / "review.yaml"
    path.write_text(GIVEN.replace(old, new))

    with pytest.raises(Misconfigured, match=r"review\.yaml"):
        load(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured):
        load(tmp_path / "review.yaml")


def test_its_digest_names_exactly_these_rules(tmp_path: Path) -> None:
    path = tmp_path / "review.yaml"
    path.write_text(GIVEN.replace("approval_days: 90", "approval_days: 91"))

    assert load(path).skip_the_human.digest != review_policy().skip_the_human.digest
