from datetime import UTC, datetime

import pytest

from appguard.connectors.access import READ, SUBJECTS_AN_ENTRY, WRITTEN, Access
from appguard.connectors.errors import OutcomeUnknown, RefusedBySource
from appguard.kernel.event import Result
from appguard.privacy.keys import SubjectKeys
from tests.support.subjects import KeysInMemory

NOW = datetime(2026, 11, 24, tzinfo=UTC)


@pytest.mark.parametrize(
    ("error", "word", "result"),
    [
        (RefusedBySource("no"), "retracts", Result.DENIED),
        (OutcomeUnknown("silence"), "doubts", Result.FAILURE),
    ],
)
def test_a_change_that_was_refused_is_retracted_and_one_without_an_answer_doubted(error, word, result):
    access = Access(WRITTEN, "equipment-desk", "borrow")
    (success,) = access.granted(NOW)
    (ending,) = access.refused(NOW, error)
    assert ending.metadata[word] == success.event_id
    assert ending.result is result
    assert {"retracts", "doubts"} & set(ending.metadata) == {word}


def test_the_entry_known_beforehand_is_the_first_of_a_success_and_no_other():
    access = Access(READ, "hr-db", "team_calendar")
    access.subjects = SubjectKeys(KeysInMemory()).of(
        f"p{n}@example.com" for n in range(SUBJECTS_AN_ENTRY + 1)
    )
    first, more = access.granted(NOW)
    assert first.event_id == access.entry
    assert more.event_id != first.event_id
    assert more.metadata["continues"] == first.event_id
    assert access.refused(NOW, RefusedBySource("no"))[0].event_id != first.event_id
