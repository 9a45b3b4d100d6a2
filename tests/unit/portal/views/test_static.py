import gzip

import pytest

from appguard.kernel.errors import NotFound
from appguard.portal.http import Request
from appguard.portal.views import static


def asked(name: str, **headers: str) -> Request:
    return Request("GET", f"/static/{name}", params={"name": name}, headers=headers)


def test_a_file_travels_zipped_to_who_can_read_it():
    zipped = static.show(asked("portal.css", **{"accept-encoding": "gzip, br"}))
    plain = static.show(asked("portal.css"))

    assert zipped.headers["content-encoding"] == "gzip"
    assert gzip.decompress(zipped.body) == plain.body
    assert "content-encoding" not in plain.headers
    assert len(zipped.body) < len(plain.body) / 2


def test_a_cache_keeps_the_two_apart():
    assert static.show(asked("portal.css")).headers["vary"] == "accept-encoding"


@pytest.mark.parametrize("name", ["../settings.py", "portal.py", ""])
def test_what_is_not_a_static_file_is_not_there(name):
    with pytest.raises(NotFound):
        static.show(asked(name))
