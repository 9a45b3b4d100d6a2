import pytest

TABLE = "training.registration"


def rules(found):
    return {finding.rule for finding in found}


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (f"ALTER TABLE {TABLE} DISABLE ROW LEVEL SECURITY", f"is off for {TABLE}"),
        (f"ALTER TABLE {TABLE} NO FORCE ROW LEVEL SECURITY", "is not forced"),
    ],
)
def test_row_level_security_that_does_not_hold_is_refused(prove_it, spoil, said):
    [finding] = [each for each in prove_it(spoil) if each.rule == "source-row-security-off"]
    assert said in finding.message


def test_a_lookup_table_needs_none(prove_it):
    assert prove_it("ALTER TABLE training.course DISABLE ROW LEVEL SECURITY") == []


def test_a_personal_column_from_a_table_that_may_be_about_persons_is_doubted(prove_it, training):
    file = training("label: First day, class: internal", "label: First day, class: personal")
    [finding] = prove_it(file=file)
    assert (finding.rule, finding.severity) == ("source-row-security-unclear", "warn")


def test_a_table_that_points_at_persons_needs_it_too(prove_it):
    spoil = """
        CREATE TABLE training.mark (registration_id uuid REFERENCES training.registration, passed boolean);
        GRANT SELECT ON training.mark TO training_reader;
        CREATE OR REPLACE VIEW training_api.my_registration WITH (security_barrier) AS
        SELECT r.registration_id, c.title, c.starts_on, r.registered_on, m.passed, r.remark, r.employee_email
        FROM training.registration AS r JOIN training.course AS c USING (course_id)
        JOIN training.mark AS m USING (registration_id)"""
    [finding] = prove_it(spoil)
    assert (finding.rule, "off for training.mark" in finding.message) == ("source-row-security-off", True)


def test_views_between_are_looked_through(prove_it):
    spoil = """ALTER TABLE training.registration DISABLE ROW LEVEL SECURITY;
        CREATE VIEW training.between AS SELECT * FROM training.registration;
        ALTER VIEW training.between OWNER TO training_reader;
        CREATE OR REPLACE VIEW training_api.my_registration WITH (security_barrier) AS
        SELECT r.registration_id, c.title, c.starts_on, r.registered_on, r.passed, r.remark, r.employee_email
        FROM training.between AS r JOIN training.course AS c USING (course_id)"""
    assert {"source-row-security-off", "source-rows-without-user"} == rules(prove_it(spoil))


def test_a_materialized_view_cannot_filter_rows(prove_it):
    spoil = """CREATE MATERIALIZED VIEW training.copy AS SELECT * FROM training.registration;
        GRANT SELECT ON training.copy TO training_reader;
        CREATE OR REPLACE VIEW training_api.my_registration WITH (security_barrier) AS
        SELECT r.registration_id, c.title, c.starts_on, r.registered_on, r.passed, r.remark, r.employee_email
        FROM training.copy AS r JOIN training.course AS c USING (course_id)"""
    found = prove_it(spoil)
    assert rules(found) == {"source-row-security-off", "source-rows-without-user"}
    assert any("is no table" in finding.message for finding in found)


def test_a_view_of_a_superuser_is_refused(prove_it):
    found = rules(prove_it("ALTER VIEW training_api.my_registration OWNER TO postgres"))
    assert found == {"source-reader-bypasses", "source-rows-without-user"}


def test_a_policy_that_shows_every_row_is_refused(prove_it):
    spoil = f"CREATE POLICY everybody ON {TABLE} FOR SELECT TO training_reader USING (true)"
    assert rules(prove_it(spoil)) == {"source-policy-open", "source-rows-without-user"}


def test_a_filter_that_shows_rows_to_nobody_in_particular_is_refused(prove_it):
    spoil = f"""CREATE POLICY loose ON {TABLE} FOR SELECT TO training_reader
        USING (employee_email = coalesce(current_setting('appguard.user_email', true), employee_email))"""
    assert rules(prove_it(spoil)) == {"source-rows-without-user"}


def test_a_filter_that_fails_is_unproven(prove_it):
    spoil = f"""DROP POLICY own ON {TABLE};
        CREATE POLICY broken ON {TABLE} FOR SELECT TO training_reader
        USING (1 / (registered_on - registered_on) = 1)"""
    [finding] = prove_it(spoil)
    assert (finding.rule, "division by zero" in finding.message) == ("source-rows-unproven", True)


def test_where_a_way_cannot_be_followed_every_table_counts(prove_it):
    spoil = """CREATE OR REPLACE VIEW training_api.my_registration WITH (security_barrier) AS
        SELECT r.registration_id, c.title, c.starts_on, r.registered_on, r.passed, r.remark,
               current_setting('appguard.user_email', true) AS employee_email
        FROM training.registration AS r JOIN training.course AS c USING (course_id)"""
    found = prove_it(spoil)
    assert any("off for training.course" in finding.message for finding in found)
