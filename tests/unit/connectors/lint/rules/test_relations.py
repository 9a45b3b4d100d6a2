import pytest


@pytest.mark.parametrize(
    "sql", ["SELECT day FROM booking", "SELECT day FROM desk_api.b JOIN pg_roles USING (day)"]
)
def test_a_relation_without_its_schema_is_refused(rules, sql):
    assert rules(sql) == {"sql-schema-missing"}


@pytest.mark.parametrize(
    "schema", ["pg_catalog", "information_schema", '"pg_catalog"', "PG_CATALOG", "pg_temp"]
)
def test_the_systems_own_relations_are_refused(rules, schema):
    assert rules(f"SELECT day FROM {schema}.t") == {"sql-system-catalog"}


def test_a_common_table_expression_needs_no_schema(rules):
    assert rules("SELECT day FROM (WITH b AS (SELECT day FROM a.b) SELECT day FROM b) AS c") == set()
