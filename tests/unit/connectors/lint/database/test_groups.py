import pytest

ATTENDANCE = """CREATE OR REPLACE VIEW training_api.attendance WITH (security_barrier) AS
    SELECT c.title, {figure} AS participants FROM training.registration AS r
    JOIN training.course AS c USING (course_id) GROUP BY c.course_id, c.title {having}"""


@pytest.mark.parametrize(
    ("figure", "having", "said"),
    [
        ("count(*)::integer", "", "counts rows"),
        ("count(*)::integer", "HAVING count(*) >= 5", "counts rows"),
        ("max(r.course_id)", "HAVING count(DISTINCT r.employee_email) >= 5", "min and max"),
    ],
)
def test_a_view_that_shows_small_groups_is_refused(prove_it, figure, having, said):
    [finding] = prove_it(ATTENDANCE.format(figure=figure, having=having))
    assert finding.rule == "group-too-small"
    assert f"training_api.attendance: {said}" in finding.message.replace("participants ", "")


def test_a_view_that_leaves_them_out_will_do(prove_it):
    having = "HAVING count(DISTINCT r.employee_email) >= 5"
    assert prove_it(ATTENDANCE.format(figure="count(*)::integer", having=having)) == []


def test_a_query_without_a_minimum_needs_it_in_the_view(prove_it, training):
    file = training("    min_group: {count: participants, size: 5}\n", "")
    [finding] = prove_it(file=file)
    assert "groups of fewer than 5 persons" in finding.message


PERSONAL = ("participants, label: Participants, class: internal", "participants, label: P, class: personal")


def test_personal_columns_under_a_minimum_need_somebody_who_counts(prove_it, training):
    rows = """CREATE OR REPLACE VIEW training_api.attendance WITH (security_barrier) AS
        SELECT title, course_id AS participants FROM training.course"""
    file = training(*PERSONAL)
    assert {finding.rule for finding in prove_it(rows, file=file)} == {"group-not-made"}
    assert prove_it(file=file) == []


def test_figures_over_tables_of_nobody_are_free(prove_it, training):
    spoil = """CREATE OR REPLACE VIEW training_api.attendance WITH (security_barrier) AS
        SELECT title, count(*)::integer AS participants FROM training.course GROUP BY title"""
    assert prove_it(spoil, file=training("    min_group: {count: participants, size: 5}\n", "")) == []
