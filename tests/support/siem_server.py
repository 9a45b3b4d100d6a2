"""A SIEM on loopback: Splunk's HEC (with acknowledgement, if wished) and OpenSearch's `_bulk`, and bad days.

What it took is kept as a receiver would: every event of HEC, one document an id of OpenSearch.
"""

import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.support.running import running

TOKEN = "00000000-0000-4000-8000-000000000000"


class Fault(StrEnum):
    """What may happen to one request."""

    BUSY = "busy"  # 503, nothing taken
    SLOW_DOWN = "slow_down"  # 429 with Retry-After, nothing taken
    RESET = "reset"  # the connection ends before anything is taken
    CUT = "cut"  # taken, and the connection ends before the answer
    HALF = "half"  # taken, and half of the answer comes
    PARTLY = "partly"  # every second item is taken; HEC, which knows no parts, is busy
    NOT_ACKNOWLEDGED = "not_acknowledged"  # taken by the collector, lost before the indexers had it


@dataclass
class Siem:
    """What it was asked and what it has; `faults` are used up by requests, one each."""

    port: int = 0
    acknowledges: bool = False
    faults: list[Fault] = field(default_factory=list)
    poison: set[str] = field(default_factory=set)
    most_bytes: int = 1_000_000
    events: list[dict[str, Any]] = field(default_factory=list)
    documents: dict[str, dict[str, Any]] = field(default_factory=dict)
    requests: list[float] = field(default_factory=list)
    lost: set[int] = field(default_factory=set)
    acks: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def has(self) -> set[str]:
        """The ids of all events that arrived."""
        return {event["event"]["metadata"]["uid"] for event in self.events} | set(self.documents)

    def answer(self, path: str, headers: Any, body: bytes) -> tuple[int, dict[str, str], Any, Fault | None]:
        """Status, headers, document, and what happens to the answer."""
        with self.lock:
            self.requests.append(time.monotonic())
            if path.startswith("/services/collector/ack"):
                return 200, {}, {"acks": {str(n): n not in self.lost for n in json.loads(body)["acks"]}}, None
            fault = self.faults.pop(0) if self.faults else None
            bulk = path.startswith("/_bulk")
            if fault is Fault.BUSY or (fault is Fault.PARTLY and not bulk):
                return 503, {}, {"text": "Server is busy", "code": 9}, None
            if fault is Fault.SLOW_DOWN:
                return 429, {"retry-after": "2"}, {}, None
            if fault is Fault.RESET:
                return 0, {}, {}, fault
            if len(body) > self.most_bytes:
                return 413, {}, {}, None
            return self._bulk(body, fault) if bulk else self._collect(headers, body, fault)

    def _collect(
        self, headers: Any, body: bytes, fault: Fault | None
    ) -> tuple[int, dict[str, str], Any, Any]:
        if headers.get("authorization") != f"Splunk {TOKEN}":
            return 403, {}, {"text": "Invalid token", "code": 4}, None
        events = list(_concatenated(body.decode()))
        for number, event in enumerate(events):
            if event["fields"]["event_id"] in self.poison:
                said = {"text": "Invalid data format", "code": 6, "invalid-event-number": number}
                return 400, {}, said, None
        number = self.acks.total()
        self.acks[headers.get("x-splunk-request-channel", "")] += 1
        if fault is Fault.NOT_ACKNOWLEDGED and self.acknowledges:
            self.lost.add(number)
        else:
            self.events += events
        said = {"text": "Success", "code": 0, **({"ackId": number} if self.acknowledges else {})}
        return 200, {}, said, fault

    def _bulk(self, body: bytes, fault: Fault | None) -> tuple[int, dict[str, str], Any, Any]:
        lines = [json.loads(line) for line in body.splitlines()]
        items = []
        for number, (action, event) in enumerate(zip(lines[::2], lines[1::2], strict=True)):
            event_id = action["create"]["_id"]
            if fault is Fault.PARTLY and number % 2:
                status, error = 429, "es_rejected_execution_exception"
            elif event_id in self.poison:
                status, error = 400, "mapper_parsing_exception"
            elif event_id in self.documents:
                status, error = 409, "version_conflict_engine_exception"
            else:
                self.documents[event_id] = event
                status, error = 201, None
            item = {"_id": event_id, "status": status} | ({"error": {"type": error}} if error else {})
            items.append({"create": item})
        return 200, {}, {"items": items}, fault


def _concatenated(text: str) -> Iterator[dict[str, Any]]:
    """JSON objects one after another, as HEC takes them."""
    decoder, at = json.JSONDecoder(), 0
    while at < len(text):
        value, at = decoder.raw_decode(text, at)
        yield value
        while at < len(text) and text[at].isspace():
            at += 1


@contextmanager
def serving(port: int = 0) -> Iterator[Siem]:
    """A SIEM that listens."""
    siem = Siem()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            status, headers, said, fault = siem.answer(self.path, self.headers, body)
            if fault in {Fault.RESET, Fault.CUT}:
                self.close_connection = True
                return
            content = json.dumps(said).encode()
            self.send_response(status)
            for name, value in {"content-length": str(len(content)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content[: len(content) // 2] if fault is Fault.HALF else content)
            self.close_connection = fault is Fault.HALF

        def log_message(self, *_: object) -> None:
            """The test looks at what arrived."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    with running(server) as siem.port:
        yield siem
