import pytest

from appguard.connectors.lint.database import prove


def rules(found):
    return {finding.rule for finding in found}


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        ("DROP VIEW training_api.course", "does not exist"),
        ("ALTER VIEW training_api.course RENAME COLUMN hours TO length", "does not exist"),
        ("REVOKE SELECT ON training_api.course FROM training_broker", "permission denied"),
        ("REVOKE USAGE ON SCHEMA training_api FROM training_broker", "permission denied"),
        ("DROP FUNCTION training_api.register(integer)", "does not exist"),
        (
            "REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA training_api FROM training_broker",
            "permission denied",
        ),
    ],
)
def test_a_statement_the_database_cannot_run_is_refused(prove_it, spoil, said):
    refused = [each for each in prove_it(spoil) if each.rule == "source-refuses"]
    assert refused
    assert all(said in finding.message for finding in refused)


@pytest.mark.parametrize("wrong", ["%(since)s::int", "starts_on + %(since)s"])
def test_a_parameter_of_a_type_that_does_not_fit_is_refused(prove_it, training, wrong):
    assert "source-refuses" in rules(prove_it(file=training("%(since)s", wrong)))


def test_other_columns_than_declared_are_refused(prove_it, training):
    file = training("SELECT title, participants FROM", "SELECT title, participants, 1 AS more FROM")
    [finding] = prove_it(file=file)
    assert finding.rule == "source-columns-differ"
    assert "title, participants, more" in finding.message


@pytest.mark.parametrize(
    ("old", "new", "answered"),
    [
        ("label: Passed, class: personal, type: boolean", "label: Passed, class: personal", "boolean"),
        (
            "label: Hours, class: internal, type: number",
            "label: H, class: internal, type: integer",
            "numeric",
        ),
        (
            "label: Registered on, class: personal, type: date",
            "label: R, class: personal",
            "date",
        ),
        ("passed, remark, employee_email", "passed, remark, starts_on AS employee_email", "date"),
        ("title, participants FROM", "title, participants::text AS participants FROM", "text"),
        ("hours FROM training_api.course", "course AS hours FROM training_api.course", "training_api.course"),
    ],
)
def test_a_column_of_another_type_is_refused(prove_it, training, old, new, answered):
    [finding] = [each for each in prove_it(file=training(old, new)) if each.rule == "source-type-differs"]
    assert f"answers with {answered}" in finding.message


def test_an_uuid_and_an_enumeration_are_texts(prove_it, training):
    enumeration = """CREATE TYPE training.kind AS ENUM ('a'); DROP VIEW training_api.course;
        CREATE VIEW training_api.course AS
        SELECT course_id, 'a'::training.kind AS title, starts_on, hours FROM training.course;
        ALTER VIEW training_api.course OWNER TO training_reader;
        GRANT SELECT ON training_api.course TO training_broker"""
    file = training("registration_id::text AS registration_id", "registration_id")
    assert prove_it(enumeration, file=file) == []


def test_a_command_that_does_not_count_is_refused(prove_it):
    spoil = """DROP FUNCTION training_api.withdraw(integer);
        CREATE FUNCTION training_api.withdraw(course integer) RETURNS text LANGUAGE sql AS 'SELECT ''done''';
        GRANT EXECUTE ON FUNCTION training_api.withdraw(integer) TO training_broker"""
    [finding] = prove_it(spoil)
    assert (finding.rule, "returns text" in finding.message) == ("source-command-answer", True)


def test_proving_changes_nothing_and_reads_no_row(copies, training):
    count = "SELECT sum(n_tup_ins + n_tup_upd + n_tup_del)::int FROM pg_catalog.pg_stat_all_tables"
    with copies.spoilt() as session:
        before = session.ask(count)
        assert list(prove(training(), session)) == []
        assert session.ask(count) == before
