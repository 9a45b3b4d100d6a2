import json

import pytest

from appguard.kernel.answers import Refused, result_of
from appguard.kernel.errors import Unavailable


def test_a_result_is_what_was_answered():
    assert result_of(b'{"found": 3}', "It") == {"found": 3}


def test_a_refusal_keeps_its_code_message_and_advice():
    error = {"error": {"code": "legal_hold", "message": "It is held", "remediation": "Ask security."}}
    with pytest.raises(Refused) as refused:
        result_of(json.dumps(error).encode(), "It")
    assert refused.value.as_dict() == error


@pytest.mark.parametrize("error", ["?", None, {"code": "x"}])
def test_an_error_without_words_is_no_answer(error):
    with pytest.raises(Unavailable, match="It cannot be understood"):
        result_of(json.dumps({"error": error}).encode(), "It")
