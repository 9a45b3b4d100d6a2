import json
import time

import pytest

from appguard.connectors.binding import bind
from appguard.connectors.credentials import HttpCredentials
from appguard.connectors.errors import (
    EgressRefused,
    NothingChanged,
    OutcomeUnknown,
    RefusedBySource,
    ResultTooLarge,
    RowFilterBreached,
    SourceFailed,
    SourceTimeout,
)
from appguard.connectors.registry import registry
from appguard.connectors.rules import Limits
from appguard.connectors.source import Identity
from appguard.connectors.sources.http import HttpSource
from appguard.connectors.table import table_of
from appguard.kernel.errors import Invalid, Unavailable
from tests.support.https import serving

FILE = registry()["facility-tickets"]
ANA = Identity("ana@example.com", "desks")
TICKET = {
    "id": 7,
    "subject": "Light broken",
    "dates": {"opened": "2026-03-02T10:00:00Z"},
    "room": {"name": "Birch", "code": "never asked for"},
    "urgent": True,
    "cost": 12.50,
    "requester": {"mail": "ana@example.com"},
}


@pytest.fixture
def api(tmp_path):
    with serving(tmp_path) as made:
        yield made


@pytest.fixture
def tickets(api):
    """The example, for a server on this machine."""
    return FILE.model_copy(
        update={"base_url": f"https://localhost:{api.port}/api/v2", "private": True, "response_bytes": 65536}
    )


@pytest.fixture
def source(api, tickets):
    secret = {"digest_key": "k", "headers": {"authorization": "Bearer t0ken"}, "ca": api.ca}
    return HttpSource(tickets, lambda: HttpCredentials.model_validate(secret))


def read(source, name, limits=FILE.limits, **given):
    query = FILE.queries[name]
    return table_of(query, source.read(query, bind(query.parameters, given), ANA, limits), ANA, b"k", limits)


def write(source, name, limits=FILE.limits, **given):
    command = FILE.commands[name]
    with source.write(command, bind(command.parameters, given), ANA, limits) as changed:
        return changed


def listed(*tickets):
    return json.dumps({"data": {"tickets": tickets}, "total": len(tickets)}).encode()


def test_rows_are_read_by_their_declared_paths_and_nothing_else_is(source, api):
    api.says(listed(TICKET))
    table = read(source, "my_tickets")
    assert table.rows == [[7, "Light broken", "Birch", "2026-03-02", True, 12.5]]
    assert "never asked for" not in table.json


def test_a_request_says_what_the_file_says_with_the_connectors_credentials(source, api):
    api.says(listed())
    read(source, "my_tickets", state="open", since="2026-01-01")
    (seen,) = api.seen
    assert (seen.method, seen.body) == ("GET", b"")
    assert seen.target == "/api/v2/people/ana@example.com/tickets?state=open&since=2026-01-01&sort=newest"
    assert seen.headers["authorization"] == "Bearer t0ken"
    assert seen.headers["accept"] == "application/json"


def test_rows_of_somebody_else_withhold_all(source, api):
    api.says(listed(TICKET, TICKET | {"requester": {"mail": "mia@example.com"}}))
    with pytest.raises(RowFilterBreached):
        read(source, "my_tickets")


def test_a_row_that_does_not_say_whose_it_is_withholds_all(source, api):
    api.says(listed({name: value for name, value in TICKET.items() if name != "requester"}))
    with pytest.raises(RowFilterBreached):
        read(source, "my_tickets")


def test_a_single_object_is_one_row(source, api):
    api.says(b'{"room": {"name": "Birch", "seats": 8}}')
    assert read(source, "room", room="Birch 1/2".replace("/", "-")).rows == [["Birch", 8]]


def test_404_means_no_rows_only_where_the_file_says_so(source, api):
    api.says(b"{}", 404)
    assert read(source, "my_tickets").rows == []
    with pytest.raises(SourceFailed):
        read(source, "room", room="Birch")


def test_more_rows_than_the_limit_are_cut_off(source, api):
    api.says(listed(*[TICKET] * 9))
    table = read(source, "my_tickets", limits=Limits(rows=5))
    assert (len(table.rows), table.truncated) == (5, True)


@pytest.mark.parametrize(
    "value", ["..", ".", "...", "a/b", "../../admin", "..\\admin", "%2e%2e", "a%2fb", "/", "//evil.example"]
)
def test_a_parameter_stays_within_its_segment(source, api, value):
    with pytest.raises(Invalid):
        read(source, "room", room=value)
    assert api.seen == []


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        ("a b?x=1&y#z", "a%20b%3Fx%3D1%26y%23z"),
        ("Ü;v=1", "%C3%9C%3Bv%3D1"),
        ("@evil.example", "@evil.example"),
        ("https:evil", "https:evil"),
    ],
)
def test_other_characters_arrive_encoded(source, api, value, sent):
    api.says(b'{"room": {}}')
    read(source, "room", room=value)
    assert api.seen[0].target == f"/api/v2/rooms/{sent}"


def test_a_command_sends_the_declared_members_in_the_users_name(source, api):
    api.says(b"{}", 201)
    assert write(source, "open_ticket", subject='Lift","urgent":false', urgent=True) == 1
    (seen,) = api.seen
    assert seen.method == "POST"
    assert json.loads(seen.body) == {
        "subject": 'Lift","urgent":false',
        "requester": {"mail": "ana@example.com"},
        "room": {},
        "urgent": True,
        "source": "appguard",
    }


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (409, RefusedBySource),
        (404, NothingChanged),
        (400, SourceFailed),
        (302, SourceFailed),
        (429, Unavailable),
        (503, Unavailable),
        (500, OutcomeUnknown),
        (504, OutcomeUnknown),
    ],
)
def test_what_a_status_means_for_a_change(source, api, status, kind):
    api.says(b'{"message": "secret-value"}', status, location="https://localhost/other")
    with pytest.raises(kind) as told:
        write(source, "open_ticket", subject="Light", urgent=False)
    assert type(told.value) is kind
    assert "secret-value" not in str(told.value.as_dict())
    assert len(api.seen) == 1


def test_nothing_is_sent_when_the_change_could_not_be_recorded(source, api):
    command = FILE.commands["withdraw_ticket"]
    with pytest.raises(ConnectionError), source.write(command, {"id": 7}, ANA, FILE.limits):
        raise ConnectionError("the outbox does not answer")
    assert api.seen == []


def test_a_redirect_is_not_followed(source, api):
    api.says(b"", 302, location=f"https://localhost:{api.port}/elsewhere")
    with pytest.raises(SourceFailed):
        read(source, "my_tickets")
    assert len(api.seen) == 1


def test_an_answer_larger_than_the_limit_is_not_read_to_its_end(source, api):
    api.says(b" " * 65537)
    with pytest.raises(ResultTooLarge):
        read(source, "my_tickets")


def test_a_compressed_answer_is_refused(source, api):
    api.says(b"\x1f\x8b", content_encoding="gzip")
    with pytest.raises(SourceFailed, match="encoding"):
        read(source, "my_tickets")


@pytest.mark.parametrize(
    "content",
    [
        b"<html>",
        b'{"data": {"tickets": NaN}}',
        b'{"data": 1, "data": {"tickets": []}}',
        b"[" * 40 + b"]" * 40,
        b"[" * 20000 + b"]" * 20000,
        b'{"data": {"tickets": {}}}',
        b'{"data": {"tickets": [1]}}',
        b'{"data": []}',
        listed(TICKET | {"subject": {"nested": "object"}}),
        listed(TICKET | {"id": "seven"}),
        listed(TICKET | {"urgent": "yes"}),
    ],
    ids=lambda content: repr(content[:30]),
)
def test_an_answer_of_another_shape_withholds_all(source, api, content):
    api.says(content)
    with pytest.raises(SourceFailed):
        read(source, "my_tickets")


def test_an_answer_that_drips_ends_with_the_time(source, api):
    def drip(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for _ in range(100):
            handler.wfile.write(b"x-slow: 1\r\n")
            time.sleep(0.05)

    api.answer = drip
    begun = time.monotonic()
    with pytest.raises(SourceTimeout):
        read(source, "my_tickets", limits=Limits(timeout_ms=300))
    assert time.monotonic() - begun < 2


def test_a_change_without_an_answer_may_have_been_made(source, api):
    api.answer = lambda _handler: time.sleep(0.4)
    with pytest.raises(OutcomeUnknown):
        write(source, "open_ticket", limits=Limits(timeout_ms=200), subject="Light", urgent=False)


def test_a_server_that_cannot_prove_its_name_is_not_asked(tmp_path, tickets):
    with serving(tmp_path, name="other.example.com") as other:
        elsewhere = tickets.model_copy(update={"base_url": f"https://localhost:{other.port}"})
        secret = HttpCredentials.model_validate({"digest_key": "k", "ca": other.ca})
        with pytest.raises(Unavailable):
            read(HttpSource(elsewhere, lambda: secret), "my_tickets")
        assert other.seen == []


def test_a_server_of_an_unknown_authority_is_not_asked(source, api, tickets):
    believing = HttpSource(tickets, lambda: HttpCredentials.model_validate({"digest_key": "k"}))
    with pytest.raises(Unavailable):
        read(believing, "my_tickets")
    assert api.seen == []


def test_a_server_with_a_private_address_is_asked_only_if_the_file_says_so(api, tickets, source):
    public = HttpSource(tickets.model_copy(update={"private": False}), source._credentials)
    with pytest.raises(EgressRefused):
        read(public, "my_tickets")
    assert api.seen == []


def test_a_server_that_is_away_is_unavailable(tickets, source):
    away = HttpSource(tickets.model_copy(update={"base_url": "https://localhost:9"}), source._credentials)
    with pytest.raises(Unavailable):
        read(away, "my_tickets")


def test_nothing_printed_shows_the_credentials(source):
    assert "t0ken" not in repr(source._credentials())
