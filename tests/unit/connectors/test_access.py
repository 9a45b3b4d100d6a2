from datetime import UTC, datetime

import pytest

from appguard.connectors.access import WRITTEN, Access
from appguard.connectors.errors import OutcomeUnknown, RefusedBySource
from appguard.kernel.event import Result

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
