import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appguard.kernel.errors import Invalid
from appguard.witness.submission import Submission

HASH = base64.b64encode(b"h" * 32)


@given(
    st.integers(0, 2**63), st.lists(st.binary(min_size=32, max_size=32), max_size=63), st.binary(max_size=99)
)
def test_what_is_sent_is_what_is_read(old, proof, note):
    sent = Submission(old, tuple(proof), note)
    assert Submission.parse(sent.body()) == sent


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"new 5\n\nnote",
        b"old\n\nnote",
        b"old 05\n\nnote",
        b"old -1\n\nnote",
        "old \u0665\n\nnote".encode(),
        b"old 5\nAAAA\n\nnote",
        b"old 5\n!" + HASH[1:] + b"\n\nnote",
        b"old 5\n" + b"\n".join([HASH] * 64) + b"\n\nnote",
        b"old 5\n\n" + b"x" * 20_000,
    ],
)
def test_what_is_no_submission_is_refused(body):
    with pytest.raises(Invalid):
        Submission.parse(body)
