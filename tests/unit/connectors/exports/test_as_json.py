import json

from hypothesis import given
from hypothesis import strategies as st

from appguard.connectors.exports.as_json import json_of
from tests.unit.connectors.exports.made import ENTRY, MARK, column, table

values = st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"]))


@given(st.lists(st.tuples(values, values), max_size=5))
def test_what_is_read_back_is_what_was_written(rows):
    document = json.loads(json_of(table(*rows, columns=[column("a"), column("b")]), MARK))
    assert [(row["a"], row["b"]) for row in document["rows"]] == rows


def test_the_file_says_who_took_it_when_through_which_app_and_why():
    export = json.loads(json_of(table(["a"]), MARK))["export"]
    assert export == {
        "by": "ana@example.com",
        "at": "2026-11-24T20:15:00+00:00",
        "app": "leave-request",
        "source": "hr-db/headcount",
        "class": "internal",
        "purpose": "Planning & =1+1",
        "ledger_entry": ENTRY,
    }
