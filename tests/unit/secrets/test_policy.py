import re

import pytest

from appguard.kernel.errors import Misconfigured
from appguard.kernel.files import policies_dir
from appguard.secrets.policy import load, secret_policy

TEXT = (policies_dir() / "secrets.yaml").read_text()


def written(tmp_path, text):
    path = tmp_path / "secrets.yaml"
    path.write_text(text)
    return path


def test_a_password_dies_by_itself_well_after_somebody_was_told_that_it_is_late():
    policy = secret_policy()
    for rule in policy.ages.values():
        assert rule.rotate_after < rule.alarm_after


@pytest.mark.parametrize(
    ("word", "instead", "said"),
    [
        (r"rotate_days: 7,", "rotate_days: 10,", "alarm_days must be more"),
        (r"valid_days: 21", "valid_days: 10", "valid_days must be more"),
        (r"overlap_minutes: 15", "overlap_minutes: 5", "greater than or equal to 10"),
        (r"\n  administrator:[^\n]*", "", "nothing is said of administrator"),
        (r"overlap_minutes", "overlap", "overlap"),
    ],
)
def test_a_policy_that_would_let_apps_stop_is_refused(tmp_path, word, instead, said):
    text = re.sub(word, instead, TEXT, count=1)
    assert text != TEXT
    with pytest.raises(Misconfigured, match=said):
        load(written(tmp_path, text))


def test_a_missing_policy_is_refused(tmp_path):
    with pytest.raises(Misconfigured):
        load(tmp_path / "secrets.yaml")
