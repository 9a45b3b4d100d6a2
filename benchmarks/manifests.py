"""How long a hostile or a good manifest takes to be answered."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from appguard.apps.manifest import parse
from appguard.apps.yaml_source import ManifestError
from benchmarks.measure import Measurement, seconds

EXAMPLE = Path("examples/leave-request/app.yaml").read_bytes()
HOSTILE = {
    "1 MiB": b"a: [" + b"x, " * 340_000 + b"]",
    "10,000 fields": b"pages:\n- fields:\n" + b"  - {name: f, type: text, label: F}\n" * 10_000,
    "depth 200": b"[" * 200 + b"]" * 200,
    "10 MB of aliases": b"a: &a [x]\nb: [" + b"*a, " * 2_500_000 + b"]",
}


def measure() -> Iterator[Measurement]:
    """Milliseconds until the manifest is accepted or refused."""
    yield Measurement(
        "accept examples/leave-request", round(seconds(lambda: parse(EXAMPLE)) * 1000, 1), "ms", 100
    )
    for name, text in HOSTILE.items():

        def refuse(text: bytes = text) -> None:
            with contextlib.suppress(ManifestError):
                parse(text)

        yield Measurement(f"refuse a manifest of {name}", round(seconds(refuse) * 1000, 1), "ms", 1000)
