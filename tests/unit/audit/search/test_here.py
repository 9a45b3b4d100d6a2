from types import SimpleNamespace

import pytest

from appguard.audit.search import handler, here
from appguard.audit.search.model import Question, Showing
from appguard.kernel.errors import Invalid
from appguard.kernel.event import RetentionClass
from tests.unit.audit.search.made import event

CONTEXT = SimpleNamespace(
    function_name="f",
    memory_limit_in_mb=1,
    invoked_function_arn="arn",
    aws_request_id="r",
    get_remaining_time_in_millis=lambda: 10**6,
)


@pytest.fixture
def deployed(seal, shelf, signer, monkeypatch):
    for name, value in {"LEDGER_BUCKET": "ledger", "INDEX_BUCKET": "index", "LEDGER_KEY_ID": "key"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("appguard.audit.signing.kms_signer", lambda _client, _key: signer)
    for factory in (here._search, here._ledger, here._shelf):
        factory.cache_clear()
    seal(event(0), event(1))


def test_the_functions_of_a_deployment_index_its_ledger_and_search_it(deployed):
    assert handler.index({}, CONTEXT) == {"indexed": 2, "signed": 2}
    found = handler.answer(Question().model_dump(mode="json"), CONTEXT)
    assert [hit["number"] for hit in found["hits"]] == [1, 0]
    asked = Showing(log=RetentionClass.THREE_YEARS, number=1).model_dump(mode="json")
    assert handler.answer(asked, CONTEXT)["proof"]["index"] == 1


def test_what_is_refused_comes_back_as_an_error(deployed):
    asked = Question(after="nowhere").model_dump(mode="json")
    assert handler.answer(asked, CONTEXT)["error"]["code"] == "invalid"


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"kind": "drop"},
        {"kind": "hits", "limit": 201},
        {"kind": "hits", "filters": {"text": ""}},
        {"kind": "entry", "log": "3y", "number": -1},
        {"kind": "hits", "sql": "SELECT 1"},
    ],
    ids=str,
)
def test_what_is_no_question_is_refused_before_anything_is_read(asked):
    with pytest.raises(Invalid):
        here.answer(asked, lambda: False)
