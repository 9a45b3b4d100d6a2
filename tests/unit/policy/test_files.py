from pathlib import Path

import pytest

from appguard.kernel.files import policies_dir
from appguard.kernel.levels import DataClass
from appguard.policy.errors import PolicyUnusable
from appguard.policy.files import digest, load

RULE = "rego/network/egress-forbidden/rule.rego"


def test_the_platforms_own_policies_load() -> None:
    assert {"connector-restricted", "internal-data-public", "privilege-escalation"} <= set(
        load(policies_dir()).rules
    )


def test_the_data_classes_of_policies_and_code_are_the_same() -> None:
    classes = load(policies_dir()).data["data_classes"]
    assert sorted(classes, key=lambda name: classes[name]["order"]) == [c.value for c in DataClass]


@pytest.mark.parametrize(
    "path",
    [
        RULE,
        "rego/index.rego",
        "rego/shared/classes.rego",
        "data_classes.yaml",
        "secret_rules.toml",
        "semgrep/python.yaml",
    ],
)
@pytest.mark.parametrize("content", [b"", b" \n", b"\xff\xfe\x00"])
def test_an_empty_or_unreadable_file_is_a_refusal(policies: Path, path: str, content: bytes) -> None:
    (policies / path).write_bytes(content)
    with pytest.raises(PolicyUnusable):
        load(policies)


@pytest.mark.parametrize("path", [RULE, RULE.replace("rule.rego", "rule_test.rego"), "rego/index.rego"])
def test_a_missing_file_is_a_refusal(policies: Path, path: str) -> None:
    (policies / path).unlink()
    with pytest.raises(PolicyUnusable):
        load(policies)


def test_a_file_that_cannot_be_opened_is_a_refusal(policies: Path) -> None:
    (policies / RULE).unlink()
    (policies / RULE).symlink_to(policies / "nowhere")
    with pytest.raises(PolicyUnusable, match="cannot be read"):
        load(policies)


def test_a_folder_without_policies_is_a_refusal(tmp_path: Path) -> None:
    with pytest.raises(PolicyUnusable):
        load(tmp_path)


def test_a_rule_deleted_with_its_folder_is_missed(policies: Path) -> None:
    for path in (policies / RULE).parent.iterdir():
        path.unlink()
    with pytest.raises(PolicyUnusable, match="egress-forbidden"):
        load(policies)


def test_a_rule_missing_from_the_index_is_missed(policies: Path) -> None:
    index = policies / "rego/index.rego"
    lines = index.read_text().splitlines(keepends=True)
    index.write_text("".join(line for line in lines if "egress_forbidden" not in line))
    with pytest.raises(PolicyUnusable, match="egress-forbidden"):
        load(policies)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("package appguard.rules.egress_forbidden", "package appguard.rules.egress_allowed"),
        ("#   rule: egress-forbidden", "#   rule: egress"),
        ("#   severity: block", "#   severity: harmless"),
        ("# METADATA", "# Metadata"),
        ("# scope: document", "# scope: package"),
        ("# custom:", "# customs:"),
    ],
)
def test_a_rule_whose_metadata_is_not_its_own_is_a_refusal(policies: Path, old: str, new: str) -> None:
    text = (policies / RULE).read_text()
    assert old in text
    (policies / RULE).write_text(text.replace(old, new))
    with pytest.raises(PolicyUnusable):
        load(policies)


def test_a_stray_file_is_a_refusal(policies: Path) -> None:
    (policies / "rego/network/notes.txt").write_text("later")
    with pytest.raises(PolicyUnusable):
        load(policies)


def test_the_digest_names_what_decides(policies: Path) -> None:
    before = load(policies).digest
    assert before == digest(policies)
    with (policies / RULE.replace("rule.rego", "rule_test.rego")).open("a") as tests:
        tests.write("\n# a comment in the cases\n")
    assert digest(policies) == before
    with (policies / RULE).open("a") as rule:
        rule.write("\n# a comment in the rule\n")
    assert digest(policies) == load(policies).digest != before


@pytest.mark.parametrize("rules_of_a_scanner", ["secret_rules.toml", "semgrep/python.yaml"])
def test_the_rules_of_scanners_are_part_of_the_digest(policies: Path, rules_of_a_scanner: str) -> None:
    before = digest(policies)
    with (policies / rules_of_a_scanner).open("a") as rules:
        rules.write("\n# one more\n")
    assert digest(policies) == load(policies).digest != before
