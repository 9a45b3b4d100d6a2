import pytest

PERSONAL = {"day": {"class": "personal"}}


@pytest.mark.parametrize(
    "made_up",
    [
        "'ana@example.com'",
        "%(x)s::text",
        "lower('ana@example.com')",
        "coalesce(mail, %(x)s::text)",
        "max(mail)",
        "CASE WHEN true THEN mail END",
        "(SELECT mail FROM desk_api.b LIMIT 1)",
    ],
)
def test_a_user_column_made_up_by_the_statement_is_refused(rules, made_up):
    parameters = {"x": {"type": "text", "label": "X"}} if "%(x)s" in made_up else {}
    sql = f"SELECT day, {made_up} AS mail FROM desk_api.b"
    assert rules(sql, PERSONAL, ("mail",), parameters) == {"row-filter-hollow"}


def test_it_is_found_in_an_inner_select(rules):
    sql = "SELECT day, mail FROM (SELECT day, 'ana@example.com' AS mail FROM desk_api.b) AS c"
    assert rules(sql, PERSONAL, ("mail",)) == {"row-filter-hollow"}


def test_a_column_of_the_source_ties_rows_to_the_user(rules):
    assert rules("SELECT day, b.mail::text AS mail FROM desk_api.b AS b", PERSONAL, ("mail",)) == set()


def test_personal_columns_without_a_user_column_are_refused(lint):
    [finding] = lint("SELECT day FROM desk_api.b", PERSONAL)
    assert finding.rule == "connector-invalid"
    assert "need user_in" in finding.message


def test_what_ties_rows_to_the_app_is_a_column_too(rules):
    said = {"app_in": ["app"]}
    assert rules("SELECT day, 'leave' AS app FROM desk_api.b", said=said) == {"row-filter-hollow"}
    assert rules("SELECT day, app FROM desk_api.b", said=said) == set()
