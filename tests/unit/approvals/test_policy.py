import pytest

from appguard.approvals.policy import load
from appguard.kernel.errors import Misconfigured
from appguard.kernel.files import policies_dir

SHIPPED = (policies_dir() / "approvals.yaml").read_text()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("low: {reviewer: 1}", "low: {}"),
        ("low: {reviewer: 1}\n", "\n"),
        ("security: 1", "auditor: 1"),
        ("security: 1", "security: 0"),
        ("security: 1", "security: 6"),
        ("personal:", "secret:"),
        ("remind_after_hours: 48", "remind_after_hours: 100"),
        ("escalate_after_hours: 96", "escalate_after_hours: 168"),
        ("by_tier:", "by_teir:"),
    ],
)
def test_a_file_that_would_ask_nobody_or_too_late_is_no_policy(tmp_path, old, new):
    assert old in SHIPPED
    file = tmp_path / "approvals.yaml"
    file.write_text(SHIPPED.replace(old, new))

    with pytest.raises(Misconfigured):
        load(file)


def test_without_the_file_nobody_knows_who_approves(tmp_path):
    with pytest.raises(Misconfigured):
        load(tmp_path / "approvals.yaml")


def test_other_rules_have_another_digest(tmp_path):
    file = tmp_path / "approvals.yaml"
    file.write_text(SHIPPED.replace("data_owner: 1", "data_owner: 2"))

    assert load(file).digest != load(policies_dir() / "approvals.yaml").digest
