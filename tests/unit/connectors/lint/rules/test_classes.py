import pytest

COLUMN = {"label": "L"}


def query(sql, user_in=(), **classes):
    columns = [{"name": name, "class": level, **COLUMN} for name, level in classes.items()]
    return {"title": "Q", "sql": sql, "columns": columns, "user_in": list(user_in)}


def test_a_lower_class_than_another_query_declares_is_refused(lint):
    queries = {
        "a": query("SELECT note FROM desk_api.b", note="internal"),
        "b": query("SELECT note, mail FROM desk_api.b AS x", ("mail",), note="personal"),
    }
    [finding] = lint(queries=queries)
    assert (finding.rule, finding.message[:2]) == ("class-contradicted", "a:")


@pytest.mark.parametrize(
    "made_of", ["lower(note)", "coalesce(x.note, '')", "CASE WHEN note = 'a' THEN 1 ELSE 2 END"]
)
def test_it_is_found_in_what_is_made_of_the_column(rules, made_of):
    queries = {
        "a": query(f"SELECT {made_of} AS kind FROM desk_api.b AS x", kind="internal"),
        "b": query("SELECT note, mail FROM desk_api.b", ("mail",), note="personal"),
    }
    assert rules(queries=queries) == {"class-contradicted"}


def test_columns_of_different_relations_may_differ(rules):
    queries = {
        "a": query("SELECT note FROM desk_api.a", note="internal"),
        "b": query("SELECT note, mail FROM desk_api.b", ("mail",), note="personal"),
    }
    assert rules(queries=queries) == set()
