import pytest
from pydantic import ValidationError

from appguard.connectors.kinds import connector_of
from tests.unit.connectors.kinds.files import changed, example

TICKETS = example("facility-tickets")


def test_the_example_is_accepted():
    assert connector_of(TICKETS).address.hostname == "tickets.example.com"


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        *(
            ("base_url", url, "base_url must be")
            for url in (
                "http://tickets.example.com",
                "https://user:pass@tickets.example.com",
                "https://tickets.example.com/?x=1",
                "https://tickets.example.com/#x",
                "https://tickets.example.com/",
                "https://tickets.example.com/a/../b",
                "https://{host}/api",
                "file:///etc/passwd",
                "https://tickets.example.com\n.evil.example",
                "https://[::1]/",
            )
        ),
        *(
            ("queries/room/path", path, "segment|pattern")
            for path in (
                "/rooms/{room}x",
                "//evil.example/{room}",
                "/a/../{room}",
                "/r?x={room}",
                "rooms/{room}",
            )
        ),
        ("queries/room/path", "/rooms/{floor}", "parameters used"),
        ("queries/room/parameters/room/required", False, "must be required"),
        ("queries/room/rows", "$..*", "match pattern"),
        ("queries/room/paths", {"name": "a[0].b"}, "match pattern"),
        ("queries/room/paths", {"no_column": "a"}, "paths of no column"),
        ("queries/room/method", "POST", "not permitted"),
        ("queries/my_tickets/user_in", None, "need user_in"),
        ("queries/my_tickets/query/state", None, "parameters used"),
        ("commands/open_ticket/method", "DELETE", "POST"),
        ("commands/open_ticket/body/requester.mail", None, "identity: user"),
        ("commands/open_ticket/body/room", {"constant": "x"}, "both a value and an object"),
        ("commands/open_ticket/refusals", {"302": "moved"}, "greater than or equal to 400"),
        ("headers", {"authorization": "Bearer x"}, "not permitted"),
    ],
)
def test_a_file_that_says_too_much_or_too_little_is_refused(path, value, said):
    with pytest.raises(ValidationError, match=said):
        connector_of(changed(TICKETS, path, value))
