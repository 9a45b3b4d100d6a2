import base64
import gzip
import zlib

import pytest

from appguard.gates.model import GateFailed
from appguard.gates.views import MAX_UNPACKED, views


def texts(content: bytes) -> list[str]:
    return [view.text for view in views("notes.txt", content)]


def test_a_plain_file_has_one_reading_and_its_reverse() -> None:
    assert texts(b"abc\n") == ["abc\n", "cba\n"]


def test_what_quotation_marks_keep_apart_is_joined() -> None:
    assert 'x = "AKIA"\n' in texts(b'x = "AK" + \\\n  "IA"\n')


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress])
def test_packed_texts_are_unpacked(pack) -> None:
    assert "hello there, this is packed" in texts(base64.b64encode(pack(b"hello there, this is packed")))


def test_a_bomb_is_unpacked_only_so_far() -> None:
    bomb = base64.b64encode(gzip.compress(b"a" * (MAX_UNPACKED * 3)))
    assert max(map(len, texts(bomb))) <= MAX_UNPACKED


def test_letters_that_unfold_without_end_fail_the_gate() -> None:
    with pytest.raises(GateFailed, match="unfolds"):
        texts(("\ufdfa" * 100_000).encode())


def test_compatibility_letters_unfold_within_reason() -> None:
    assert "office 12" in texts("o\ufb03ce \uff11\uff12".encode())
