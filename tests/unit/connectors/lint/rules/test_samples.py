"""An API's columns are shown by an answer somebody recorded."""

import json

import pytest

from appguard.connectors.lint.file import read_file
from appguard.connectors.lint.rules import samples
from tests.unit.connectors.kinds.files import example

ROOM = {"room": {"name": "Birch", "seats": 8}}


@pytest.fixture
def complaints(tmp_path):
    def run(text):
        path = tmp_path / "facility-tickets.yaml"
        path.write_text(json.dumps(example("facility-tickets")))
        (tmp_path / "samples").mkdir()
        (tmp_path / "samples" / "facility-tickets.json").write_text(text)
        file = read_file(path)
        found = list(samples.check(file.connector, file.document, path))
        assert {fault.rule for fault in found} <= {"sample-differs"}
        return [fault.message.removeprefix("samples/facility-tickets.json: ") for fault in found]

    return run


def test_an_answer_with_every_declared_column_shows_them(complaints):
    assert complaints(json.dumps({"room": ROOM})) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (json.dumps({"room": {"room": {"name": "Birch"}}}), "room: no row of the sample has seats"),
        (json.dumps({"room": {"room": {"name": "B", "seats": "x"}}}), "room: the source's seats is not"),
        (json.dumps({"room": {"rooms": []}}), "room: the source's answer does not have the shape"),
        (json.dumps({"my_tickets": {"data": {"tickets": []}}}), "my_tickets: the sample has no row"),
        (json.dumps({"rooms": ROOM}), "rooms: the connector has no such query"),
        ("[]", "it must be JSON"),
        ("{", "it must be JSON"),
    ],
)  # fmt: skip
def test_what_contradicts_the_file_or_shows_nothing_is_told(complaints, text, said):
    [complaint] = complaints(text)
    assert complaint.startswith(said)
