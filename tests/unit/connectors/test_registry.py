import pytest

from appguard.connectors.model import ConnectorState
from appguard.connectors.registry import ConnectorRegistry, registry
from appguard.kernel.errors import Misconfigured
from appguard.kernel.levels import DataClass

CONNECTOR = """
name: test-db
title: Test
owner: owner@example.com
state: approved
kind: postgresql
queries:
  some:
    title: Some
    sql: {sql}
    parameters: {parameters}
    columns: [{{name: a, label: A, class: {level}}}]
"""


def load(tmp_path, sql="SELECT a FROM t", parameters="{}", level="internal", extra="", name="test-db"):
    text = CONNECTOR.format(sql=sql, parameters=parameters, level=level) + extra
    (tmp_path / f"{name}.yaml").write_text(text)
    return ConnectorRegistry.load(tmp_path)


def test_the_platforms_connectors_are_read():
    assert set(registry()) >= {"hr-db", "payroll-db", "office-directory"}
    assert registry()["payroll-db"].state is ConnectorState.RESTRICTED
    assert registry()["hr-db"].queries["my_health_notes"].highest is DataClass.SPECIAL


def test_the_office_directory_holds_nothing_above_internal():
    office = registry()["office-directory"]
    classes = [o.highest for o in (*office.queries.values(), *office.commands.values())]
    assert max(classes) == DataClass.INTERNAL


@pytest.mark.parametrize(("asked", "meant"), [("hr_db", "hr-db"), ("hrdatabase", "hr-db"), ("zzz", None)])
def test_the_closest_name_is_suggested(asked, meant):
    assert registry().closest(asked) == meant


def test_a_small_connector_is_accepted(tmp_path):
    assert set(load(tmp_path)["test-db"].queries) == {"some"}


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 1; DROP TABLE t",
        "SELECT a FROM t -- all",
        "SELECT a /* b */ FROM t",
        "DELETE FROM t",
        "SELECT set_config('appguard.user_email', 'x', false)",
        "SELECT a FROM t WHERE b = '%s'",
        "SELECT a FROM t WHERE b = %(other)s",
        "SELECT a FROM t WHERE b = $1",
    ],
)
def test_sql_that_is_not_one_closed_select_is_refused(tmp_path, sql):
    with pytest.raises(Misconfigured, match="test-db"):
        load(tmp_path, sql=f'"{sql}"')


def test_a_declared_parameter_must_be_used(tmp_path):
    with pytest.raises(Misconfigured, match="differ from parameters"):
        load(tmp_path, parameters="{x: {type: integer, label: X}}")


@pytest.mark.parametrize("level", ["personal", "special"])
def test_personal_columns_need_a_column_that_ties_rows_to_the_user(tmp_path, level):
    with pytest.raises(Misconfigured, match="user_in"):
        load(tmp_path, level=level)


def test_an_unknown_word_is_a_mistake(tmp_path):
    with pytest.raises(Misconfigured, match="export_everything"):
        load(tmp_path, extra="export_everything: true\n")


def test_a_repeated_key_cannot_hide_a_columns_class(tmp_path):
    with pytest.raises(Misconfigured):
        load(tmp_path, extra="state: retired\n")


def test_the_file_is_named_like_the_connector(tmp_path):
    with pytest.raises(Misconfigured, match="names must agree"):
        load(tmp_path, name="other-db")


def test_a_bare_null_is_not_taken_for_the_mask_of_that_name(tmp_path):
    with pytest.raises(Misconfigured, match="in quotes"):
        load(tmp_path, level="internal, mask: null")
    assert load(tmp_path, level='internal, mask: "null"')["test-db"].queries["some"].columns[0].mask == "null"
