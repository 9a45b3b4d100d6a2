"""What the rules are told about an app, and what they are not."""

from pathlib import Path

from appguard.apps.bundle import Bundle
from appguard.apps.manifest import Manifest
from appguard.apps.model import Risk
from appguard.apps.risk import assess
from appguard.connectors.registry import registry
from appguard.kernel.files import policies_dir
from appguard.kernel.levels import DataClass
from appguard.policy.engine import engine
from appguard.policy.facts import facts
from appguard.policy.input import PolicyInput

EXAMPLE = Path(__file__).parents[3] / "examples" / "leave-request"


def told(old: str = "", new: str = "") -> PolicyInput:
    text = (EXAMPLE / "app.yaml").read_text()
    assert old in text
    manifest: Manifest = Bundle({"app.yaml": text.replace(old, new).encode()}).manifest()
    risk: Risk = assess(manifest, registry())
    return facts(manifest, registry(), risk)


def test_a_query_comes_with_its_columns_and_the_key_that_asks_for_it() -> None:
    query = next(query for query in told().touched_queries if query.name == "team_calendar")
    assert (query.connector, query.path) == ("hr-db", "connectors[0].queries[2]")
    assert {column.name: column.class_ for column in query.columns}["birth_date"] is DataClass.PERSONAL


def test_a_query_asked_for_twice_is_one_fact() -> None:
    twice = told("queries: [", "queries: [my_leave_balance, ")
    assert [query.name for query in twice.touched_queries].count("my_leave_balance") == 1


def test_unknown_connectors_and_queries_are_left_to_the_manifest_gate() -> None:
    assert told("- name: hr-db", "- name: no-such-db").touched_queries == ()
    assert "no_such" not in {q.name for q in told("queries: [", "queries: [no_such, ").touched_queries}


def test_iam_actions_are_compared_without_case() -> None:
    (permission,) = told("runtime:", "runtime:\n  permissions: ['iam:PASSRole']").permissions
    assert (permission.action, permission.service, permission.operation) == (
        "iam:PASSRole",
        "iam",
        "passrole",
    )


def test_no_prose_of_the_requester_is_told() -> None:
    hostile = 'purpose: "x\\", \\"rule\\": \\"purpose-vague\\" and seven more words to be long" #'
    document = told("purpose: ", hostile + " ").model_dump_json()
    assert "seven more words" not in document
    assert "Your manager sees" not in document


def test_every_example_can_be_told_and_judged() -> None:
    assert engine(policies_dir()).evaluate(told())
