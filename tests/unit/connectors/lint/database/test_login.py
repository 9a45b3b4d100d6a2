import pytest


def rules(found):
    return {finding.rule for finding in found}


def test_the_example_is_as_it_should_be(prove_it):
    assert prove_it() == []


@pytest.mark.parametrize(
    ("spoil", "undo", "said"),
    [
        ("ALTER ROLE training_broker BYPASSRLS", "ALTER ROLE training_broker NOBYPASSRLS", "bypasses"),
        ("ALTER ROLE training_broker CREATEROLE", "ALTER ROLE training_broker NOCREATEROLE", "create roles"),
        ("ALTER ROLE training_broker CREATEDB", "ALTER ROLE training_broker NOCREATEDB", "create databases"),
        ("ALTER ROLE training_broker REPLICATION", "ALTER ROLE training_broker NOREPLICATION", "replicate"),
        ("ALTER ROLE training_login BYPASSRLS", "ALTER ROLE training_login NOBYPASSRLS", "login bypasses"),
        (
            "GRANT training_reader TO training_broker",
            "REVOKE training_reader FROM training_broker",
            "one role",
        ),
    ],
)
def test_a_login_with_powers_is_refused(prove_it, spoil, undo, said):
    [finding] = [each for each in prove_it(spoil, undo) if each.rule == "source-login-powerful"]
    assert said in finding.message


def test_of_a_superuser_nothing_else_is_said(prove_it):
    found = prove_it("ALTER ROLE training_login SUPERUSER", "ALTER ROLE training_login NOSUPERUSER")
    about_the_login = {rule for rule in rules(found) if rule.startswith("source-login")}
    assert about_the_login == {"source-login-powerful"}


def test_signing_in_through_iam_is_no_power(prove_it):
    spoil = "CREATE ROLE rds_iam; GRANT rds_iam TO training_broker"
    assert prove_it(spoil, "DROP ROLE rds_iam") == []


@pytest.mark.parametrize(
    "owned", ["VIEW training_api.course", "FUNCTION training_api.register(integer)", "SCHEMA training_api"]
)
def test_a_login_that_owns_something_is_refused(prove_it, owned):
    assert "source-login-owns" in rules(prove_it(f"ALTER {owned} OWNER TO training_broker"))


@pytest.mark.parametrize(
    "grant",
    [
        "SELECT ON training.registration",
        "SELECT (remark) ON training.registration",
        "TRUNCATE ON training.course",
        "UPDATE ON training_api.course",
        "INSERT (title) ON training_api.course",
    ],
)
def test_a_login_with_rights_on_tables_or_to_write_is_refused(prove_it, grant):
    assert rules(prove_it(f"GRANT {grant} TO training_broker")) == {"source-login-tables"}


@pytest.mark.parametrize(
    "grant",
    ["CREATE ON SCHEMA training_api", "CREATE ON DATABASE {}", "TEMPORARY ON DATABASE {}"],
)
def test_a_login_that_can_make_things_is_warned_of(prove_it, grant):
    named = "DO $$ BEGIN EXECUTE format('GRANT {} TO training_broker', current_database()); END $$"
    [finding] = prove_it(named.format(grant.format("%I")))
    assert (finding.rule, finding.severity) == ("source-login-creates", "warn")


def test_an_identity_that_stands_before_anybody_signed_in_is_refused(prove_it):
    preset = "ALTER ROLE training_login SET appguard.user_email = 'ana@example.com'"
    found = rules(prove_it(preset, "ALTER ROLE training_login RESET appguard.user_email"))
    assert found == {"source-identity-preset", "source-rows-without-user"}


def test_a_view_no_query_names_is_a_hint(prove_it):
    view = "CREATE VIEW training_api.spare AS SELECT 1 AS one"
    [finding] = prove_it(f"{view}; GRANT SELECT ON training_api.spare TO training_broker")
    assert (finding.rule, finding.severity) == ("source-right-unused", "hint")
