import json
from types import SimpleNamespace

import pytest

from appguard.audit.search import handler, here
from appguard.audit.search.model import Asking, Showing
from appguard.kernel.errors import Invalid
from appguard.kernel.event import Actor, RetentionClass, Role
from tests.unit.audit.search.made import event

ADA = Actor(id="ada", role=Role.AUDITOR)
BY = ADA.model_dump(mode="json")
CONTEXT = SimpleNamespace(
    function_name="f",
    memory_limit_in_mb=1,
    invoked_function_arn="arn",
    aws_request_id="r",
    get_remaining_time_in_millis=lambda: 10**6,
)


@pytest.fixture
def deployed(seal, shelf, signer, monkeypatch):
    names = {
        "LEDGER_BUCKET": "ledger",
        "INDEX_BUCKET": "index",
        "LEDGER_KEY_ID": "key",
        "OUTBOX_TABLE": "outbox",
    }
    for name, value in names.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("appguard.audit.signing.kms_signer", lambda _client, _key: signer)
    for factory in (here._search, here._ledger, here._shelf, here.outbox):
        factory.cache_clear()
    seal(event(0), event(1))


def test_the_functions_of_a_deployment_index_its_ledger_and_search_it(deployed, capsys):
    assert handler.index({}, CONTEXT) == {"indexed": 2, "signed": 2, "lag": 0}
    [lag] = [line for line in capsys.readouterr().out.splitlines() if "SearchLag" in line]
    assert json.loads(lag)["SearchLag"] == [0]
    found = handler.answer(Asking(by=ADA).model_dump(mode="json"), CONTEXT)
    assert [hit["number"] for hit in found["hits"]] == [1, 0]
    asked = Showing(log=RetentionClass.THREE_YEARS, number=1).model_dump(mode="json")
    assert handler.answer(asked, CONTEXT)["proof"]["index"] == 1


def test_a_search_is_recorded_once_however_often_it_is_asked_and_by_whom(deployed, dynamodb):
    for asked in (Asking(by=ADA), Asking(by=ADA, limit=1), Asking(by=ADA)):
        handler.answer(asked.model_dump(mode="json"), CONTEXT)
    bodies = [json.loads(row["body"]["S"]) for row in dynamodb.scan(TableName="outbox")["Items"]]
    [told] = [body for body in bodies if body["action"] == "ledger.searched"]
    assert (told["actor"]["id"], told["metadata"]) == ("ada", {"asked": {}, "filters": []})


def test_what_is_refused_comes_back_as_an_error(deployed):
    asked = Asking(by=ADA, after="nowhere").model_dump(mode="json")
    assert handler.answer(asked, CONTEXT)["error"]["code"] == "invalid"


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"kind": "drop"},
        {"kind": "hits"},
        {"kind": "hits", "by": BY, "limit": 201},
        {"kind": "hits", "by": BY, "filters": {"text": ""}},
        {"kind": "entry", "log": "3y", "number": -1},
        {"kind": "hits", "by": BY, "sql": "SELECT 1"},
    ],
    ids=str,
)
def test_what_is_no_question_is_refused_before_anything_is_read(asked):
    with pytest.raises(Invalid):
        here.answer(asked, lambda: False)
