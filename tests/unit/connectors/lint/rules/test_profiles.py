"""A profile somebody wrote or left behind is refused before anybody's preview follows it."""

import json

import pytest

COLUMNS = {"day": {"type": "date"}, "desk": {}, "name": {"class": "personal"}}
SQL = "SELECT day, desk, name, email FROM desk_api.booking"


@pytest.fixture
def told(rules, tmp_path):
    """The rules that refuse such a profile of the query `asked`."""

    def run(columns, rows=100, query="asked", **more):
        profile = {
            "connector": "desk-db",
            "taken_on": "2026-11-24",
            "k": 10,
            "queries": {query: {"rows": rows, "columns": columns}},
            **more,
        }
        (tmp_path / "profiles").mkdir()
        (tmp_path / "profiles" / "desk-db.yaml").write_text(json.dumps(profile))
        found = rules(SQL, COLUMNS, user_in=("email",))
        return {rule for rule in found if rule.startswith("profile-")}

    return run


def test_a_profile_of_groups_is_let_through(told):
    assert told({"desk": {"words": {"Window": 0.4, "Door": 0.6}}, "name": {"empty": 0.1}}) == set()


def test_values_of_a_personal_column_are_refused(told):
    assert told({"name": {"words": {"Ana Alvarez": 0.5}}}) == {"profile-personal"}


@pytest.mark.parametrize(
    "known",
    [
        {"words": {"Window": 0.96, "Roof": 0.04}},
        {"patterns": {"A-99": 0.02}},
        {"lengths": [{"from": 0, "until": 5, "share": 0.03}]},
    ],
)
def test_what_fewer_than_k_rows_can_have_is_refused(told, known):
    assert told({"desk": known}) == {"profile-rare"}


def test_a_word_of_a_column_that_is_nearly_always_empty_is_refused(told):
    assert told({"desk": {"empty": 0.95, "words": {"Window": 0.9}}}) == {"profile-rare"}


def test_a_column_or_query_the_connector_lacks_is_refused(told):
    assert told({"floor": {}}) == {"profile-invalid"}


def test_a_query_the_connector_lacks_is_refused(told):
    assert told({}, query="gone") == {"profile-invalid"}


@pytest.mark.parametrize("more", [{"k": 3}, {"connector": "other-db"}, {"taken_on": "soon"}])
def test_a_profile_that_is_none_is_refused(told, more):
    assert told({}, **more) == {"profile-invalid"}
