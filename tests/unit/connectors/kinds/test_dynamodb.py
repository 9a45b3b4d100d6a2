import pytest
from pydantic import ValidationError

from appguard.connectors.kinds import connector_of
from tests.unit.connectors.kinds.files import changed, example

DESK = example("equipment-desk")


def test_the_example_is_accepted():
    assert connector_of(DESK).kind == "dynamodb"


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("queries/my_loans/user_in", None, "need user_in"),
        ("queries/my_loans/partition", None, "Field required"),
        ("queries/my_loans/sql", "SELECT 1", "not permitted"),
        ("queries/my_loans/table", "loans; DROP", "match pattern"),
        ("queries/my_loans/partition/equals", {"parameter": "x"}, "parameters used"),
        ("queries/my_loans/partition/equals", {"identity": "admin"}, "user"),
        ("queries/my_loans/partition/attribute", "a.b[0]", "match pattern"),
        ("queries/my_loans/attributes", {"no_column": "x"}, "attributes of no column"),
        ("queries/lent_items/parameters/item/required", False, "must be required"),
        ("queries/lent_items/sort/equals", {"constant": "x"}, "takes equals"),
        ("queries/lent_items/sort", {"attribute": "lent_on"}, "takes equals"),
        ("commands/borrow/key", {"item": {"parameter": "item"}}, "identity: user"),
        ("commands/borrow/only_if", {"status": {"constant": "x"}}, "only_if is for updates"),
        ("commands/borrow/set/item", {"constant": "x"}, "cannot be set"),
        ("commands/borrow/action", "delete", "create"),
        ("commands/give_back/key", {"item": {"parameter": "item"}}, "identity: user"),
        ("commands/give_back/only_if/status", {"parameter": "note"}, "must be required"),
        ("commands/give_back/set/note", None, "parameters used"),
    ],
)
def test_a_file_that_says_too_much_or_too_little_is_refused(path, value, said):
    with pytest.raises(ValidationError, match=said):
        connector_of(changed(DESK, path, value))
