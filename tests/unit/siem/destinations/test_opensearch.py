import pytest

from appguard.siem.batches import message
from appguard.siem.destinations.opensearch import outcome
from appguard.siem.errors import Away
from tests.support.entries import entry

MESSAGES = [message(entry(n)) for n in range(3)]


def answered(*statuses, kind="mapper_parsing_exception"):
    items = [
        {"create": {"_id": one.event_id, "status": status, "error": {"type": kind}}}
        for one, status in zip(MESSAGES, statuses, strict=True)
    ]
    return outcome(MESSAGES, {"items": items}, None)


@pytest.mark.parametrize("status", [200, 201, 409])
def test_created_or_there_already_is_an_acknowledgement(status):
    done = answered(201, status, 201)
    assert (list(done.rejected), list(done.again)) == ([], [])


@pytest.mark.parametrize("status", [403, 404, 429, 500, 503])
def test_what_the_cluster_could_not_take_now_is_sent_again_and_nothing_else(status):
    done = answered(201, status, 201)
    assert (list(done.rejected), list(done.again)) == ([], [MESSAGES[1]])


def test_what_does_not_fit_the_index_is_rejected_by_the_clusters_own_word():
    done = answered(201, 400, 429)
    assert [(one.index, one.code) for one in done.rejected] == [(1, "mapper_parsing_exception")]
    assert list(done.again) == [MESSAGES[2]]


def test_a_code_is_no_place_for_prose():
    [rejected] = answered(201, 400, 201, kind="x" * 500).rejected
    assert len(rejected.code) == 64


@pytest.mark.parametrize(
    "answer",
    [
        None,
        [],
        {},
        {"items": []},
        {"items": None},
        {"items": [{"index": {}}] * 3},
        {"items": [{"create": {"_id": MESSAGES[0].event_id, "status": 201}}]},
        {"items": [{"create": {"_id": MESSAGES[0].event_id, "status": "fine"}}] * 3},
        {"items": [{"create": {"_id": one.event_id, "status": 201}} for one in reversed(MESSAGES)]},
    ],
)
def test_an_answer_that_does_not_speak_of_each_in_order_acknowledges_nothing(answer):
    with pytest.raises(Away):
        outcome(MESSAGES, answer, None)
