"""docs/siem.md tells every action as the code does."""

from pathlib import Path

from appguard.siem.ocsf.catalogue import classes, mapping

PAGE = Path("docs/siem.md")


def table() -> str:
    rows = ["| action | class | activity | severity, at least |", "|---|---|---|---|"]
    rows += [
        f"| `{action}` | {how.ocsf.caption} ({how.ocsf.uid}) | {how.activity} | {how.severity or ''} |"
        for action, how in mapping().items()
    ]
    return "\n".join(rows).replace("|  |", "| |")


def test_the_table_of_the_page_is_the_mapping():
    assert table() in PAGE.read_text(), f"put this into {PAGE}:\n{table()}"


def test_the_page_names_the_release_of_ocsf_that_is_spoken():
    assert f"OCSF {classes().version}" in PAGE.read_text()
