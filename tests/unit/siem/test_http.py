import pytest

from appguard.kernel import outgoing
from appguard.kernel.errors import Misconfigured
from appguard.kernel.outgoing import Reply
from appguard.siem.errors import Away, Indigestible, Refused
from appguard.siem.http import Endpoint, usual
from tests.support.https import serving


@pytest.fixture
def api(tmp_path):
    with serving(tmp_path) as running:
        yield running


def test_a_siem_of_the_companys_own_authority_is_believed_with_its_certificate(api):
    api.says(b'{"code": 0}')
    reply = Endpoint(f"https://localhost:{api.port}", {"authorization": "Splunk t"}, api.ca).post(
        "/x", b"body", {}
    )
    assert (reply.status, reply.body) == (200, {"code": 0})
    assert (api.seen[0].headers["authorization"], api.seen[0].body) == ("Splunk t", b"body")


def test_without_that_certificate_nothing_is_sent(api):
    api.says(b"{}")
    with pytest.raises(Away):
        Endpoint(f"https://localhost:{api.port}", {}).post("/x", b"body", {})
    assert api.seen == []


def test_nor_to_somebody_whose_certificate_bears_another_name(api):
    with pytest.raises(Away):
        Endpoint(f"https://127.0.0.1:{api.port}", {}, api.ca).post("/x", b"body", {})
    assert api.seen == []


@pytest.mark.parametrize("address", ["http://splunk.example.com", "ftp://127.0.0.1", "splunk.example.com"])
def test_a_token_is_never_sent_in_the_clear(address):
    with pytest.raises(Misconfigured, match="over https"):
        Endpoint(address, {})


def test_a_siem_that_says_nothing_is_given_up(api, monkeypatch):
    monkeypatch.setattr(outgoing, "READ_SECONDS", 0.2)
    monkeypatch.setattr(outgoing, "CONNECT_SECONDS", 0.2)
    api.answer = lambda handler: handler.connection.recv(1)
    with pytest.raises(Away):
        Endpoint(f"https://localhost:{api.port}", {}, api.ca).post("/x", b"{}", {})


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("7", 7), ("soon", None), ("-3", None), ("", None), ("Thu, 01 Jan 2026 00:00:00 GMT", 0)],
)
def test_how_long_to_wait_is_read_as_seconds_or_as_a_date(api, said, seconds):
    api.says(b"", status=503, retry_after=said)
    reply = Endpoint(f"https://localhost:{api.port}", {}, api.ca).post("/x", b"{}", {})
    assert reply.retry_after == seconds


@pytest.mark.parametrize("content", [b"", b"<html>", b'{"items": [{"cre', b"x" * (9 << 20)])
def test_success_that_is_not_said_in_whole_is_no_success(api, content):
    api.says(content)
    with pytest.raises(Away):
        Endpoint(f"https://localhost:{api.port}", {}, api.ca).post("/x", b"{}", {})


@pytest.mark.parametrize(
    ("status", "means"),
    [(500, Away), (502, Away), (503, Away), (429, Away), (408, Away), (413, Indigestible)]
    + [(status, Refused) for status in (301, 307, 401, 403, 404, 405)],
)
def test_a_status_says_whether_later_smaller_or_never(status, means):
    with pytest.raises(means):
        usual(Reply(status, None))
