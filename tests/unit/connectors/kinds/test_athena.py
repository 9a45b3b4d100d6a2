import pytest
from pydantic import ValidationError

from appguard.connectors.kinds import connector_of
from tests.unit.connectors.kinds.files import changed, example

USAGE = example("workplace-usage")


def test_the_example_is_accepted_with_a_workgroup_of_its_own():
    assert connector_of(USAGE).workgroup == "appguard-workplace-usage"


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("queries/my_office_days/sql", "SELECT 1; SELECT 2", "one statement"),
        ("queries/my_office_days/sql", "DELETE FROM badge_day", "differ|must be a SELECT"),
        ("queries/my_office_days/sql", "SELECT * FROM badge_day WHERE email = ?", r"may not use \?|differ"),
        ("queries/busy_floors/sql", "SELECT * FROM floor_day WHERE a = ?", r"may not use \?"),
        (
            "queries/my_office_days/sql",
            "SELECT * FROM t WHERE day > %(since)s AND building = %(building)s",
            "must ask for these rows only, with %.appguard_user",
        ),
        ("queries/my_office_days/parameters/building/max_length", 501, "at most 500"),
        (
            "queries/busy_floors/parameters",
            {"appguard_user": {"type": "text", "label": "X"}},
            "not be called",
        ),
        ("commands", {"drop": {"title": "Drop", "sql": "DROP TABLE t", "class": "internal"}}, "commands"),
        ("data", [{"bucket": "*"}], "match pattern"),
        ("tables", ["*"], "match pattern"),
        ("workgroup", "primary", "not permitted"),
    ],
)
def test_a_file_that_says_too_much_or_too_little_is_refused(path, value, said):
    with pytest.raises(ValidationError, match=said):
        connector_of(changed(USAGE, path, value))
