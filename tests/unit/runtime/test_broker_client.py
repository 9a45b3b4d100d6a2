import json

import pytest

from appguard.kernel.errors import Unavailable
from appguard.runtime.broker_client import Broker
from appguard.runtime.fetch import Reply
from appguard.runtime.pages import CommandCall, QueryCall
from appguard.runtime.refusal import BrokerRefused
from tests.unit.runtime.world import BrokerAnswers, unsigned

QUERY = QueryCall(connector="hr-db", query="team_calendar")
COMMAND = CommandCall(connector="hr-db", command="request_leave")
ROWS = {"columns": [{"name": "days", "class": "internal", "masked": False}], "rows": [[3]]}


def broker(path, status, document):
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    return Broker("https://connectors.example.com/", unsigned, BrokerAnswers({path: Reply(status, {}, body)}))


def refusal(code="forbidden", message="No."):
    return {"error": {"code": code, "message": message, "remediation": "Ask."}}


def test_a_query_sends_parameters_and_the_persons_token():
    asked = broker("hr-db/queries/team_calendar", 200, ROWS)
    assert asked.query(QUERY, {"year": 2026}, "the-token").rows == ((3,),)
    [(_, body, headers)] = asked.fetch.calls
    assert body == {"parameters": {"year": 2026}}
    assert headers["x-appguard-user-token"] == "the-token"


def test_a_refusal_is_passed_on_in_the_brokers_words():
    with pytest.raises(BrokerRefused) as caught:
        broker("hr-db/commands/request_leave", 409, refusal("refused_by_source", "Three days left.")).command(
            COMMAND, {}, "t"
        )
    assert caught.value.status == 409
    assert caught.value.refusal.message == "Three days left."


@pytest.mark.parametrize(
    ("status", "document"),
    [
        (500, refusal("internal", "psycopg.OperationalError at 10.0.0.7")),
        (502, b"<html>bad gateway"),
        (429, b""),
        (302, b""),
    ],
)
def test_other_answers_stay_inside(status, document):
    with pytest.raises(Unavailable) as caught:
        broker("hr-db/queries/team_calendar", status, document).query(QUERY, {}, "t")
    assert caught.value.message == "The data service could not answer."


@pytest.mark.parametrize("document", [{"message": "Forbidden"}, {"error": "text"}, b""], ids=str)
def test_the_gateways_refusal_is_told_as_a_missing_grant(document):
    with pytest.raises(BrokerRefused) as caught:
        broker("hr-db/queries/team_calendar", 403, document).query(QUERY, {}, "t")
    assert caught.value.refusal.code == "not_granted"


@pytest.mark.parametrize("document", [{}, [], {"columns": [], "rows": [[1]]}, b"no json"], ids=str)
def test_rows_of_another_shape_are_not_shown(document):
    with pytest.raises(Unavailable):
        broker("hr-db/queries/team_calendar", 200, document).query(QUERY, {}, "t")


def test_an_answer_is_awaited_no_longer_than_the_function_lives():
    waited = []

    def slow(*_, seconds, **__):
        waited.append(seconds)
        return Reply(200, {}, json.dumps(ROWS).encode())

    patient = Broker("https://connectors.example.com", unsigned, slow)
    patient.within(30).query(QUERY, {}, "t")
    patient.within(4).query(QUERY, {}, "t")
    assert waited == [15, 3.5]
