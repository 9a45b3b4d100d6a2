from appguard.connectors.lint.database import timeout


def test_a_time_limit_that_is_obeyed_is_no_finding(copies):
    with copies.spoilt() as session:
        assert list(timeout.check(session, 1)) == []


class Pooler:
    """Drops settings, as some poolers do: the wait ends by itself."""

    def ask(self, question, patience="3s"):
        return [("",)]


def test_a_time_limit_that_is_dropped_is_refused():
    [fault] = timeout.check(Pooler(), 1)
    assert fault.rule == "source-timeout-ignored"


def test_a_time_limit_that_cannot_be_tried_is_refused(copies):
    with copies.spoilt("REVOKE EXECUTE ON FUNCTION pg_sleep(double precision) FROM PUBLIC") as session:
        [fault] = timeout.check(session, 1)
    assert "permission denied" in fault.message
