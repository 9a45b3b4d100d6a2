"""A monthly report over a large ledger: verified, computed, and rendered in all its forms."""

import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.measure import Measurement, peak_megabytes

ENTRIES, APPS = 100_000, 1_000
PROGRAM = "from benchmarks.reports import make; make({folder!r})"


def measure() -> list[Measurement]:
    """Processor time and memory of a process of its own, the making of the ledger left out."""
    with TemporaryDirectory() as name:
        write(Path(name))
        run = [sys.executable, "-c", PROGRAM.format(folder=name)]
        took = json.loads(subprocess.run(run, check=True, capture_output=True, text=True).stdout)
    about = f"reports: {took['entries']:,} entries, {APPS:,} apps"
    return [
        Measurement(f"{about}, all forms", round(took["seconds"], 1), "s", 30),
        Measurement(f"{about}, memory", round(took["megabytes"]), "MB", 512),
    ]


def write(folder: Path) -> None:
    """An exported ledger with a month of `APPS` apps and accesses to data up to `ENTRIES`."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415

    from appguard.audit.canonical import canonical  # noqa: PLC0415
    from appguard.audit.checkpoint import Signer  # noqa: PLC0415
    from appguard.audit.signing import pem  # noqa: PLC0415
    from tests.support.ledger import log_objects, relist  # noqa: PLC0415
    from tests.support.reported import told  # noqa: PLC0415

    lives = sum(1 for _ in told(APPS, 0))
    events = [canonical(event) for event in told(APPS, ENTRIES - lives)]
    private = Ed25519PrivateKey.generate()
    signer = Signer(private.public_key().public_bytes_raw(), private.sign)
    for path, body in log_objects("bench/ledger/3y", [ENTRIES], signer, events.__getitem__).items():
        (folder / "3y" / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / "3y" / path).write_bytes(body)
    (folder / "ledger-key.pem").write_bytes(pem(signer.public_key))
    relist(folder)


def make(folder: str) -> None:
    """Make the report of March as the function does; prints what it took."""
    import time  # noqa: PLC0415

    from appguard.audit.verify import load_keys  # noqa: PLC0415
    from appguard.kernel.event import Actor  # noqa: PLC0415
    from appguard.reports.catalogue import FrameworkName, catalogue  # noqa: PLC0415
    from appguard.reports.compose import compose  # noqa: PLC0415
    from appguard.reports.model import Period  # noqa: PLC0415
    from appguard.reports.order import Order  # noqa: PLC0415
    from tests.support.reported import END, START  # noqa: PLC0415

    period = Period(since=START, until=END)
    order = Order.asked(FrameworkName.SOC2, period, Actor.system("bench"), END)
    keys = load_keys((Path(folder) / "ledger-key.pem").read_bytes())
    [made] = compose(Path(folder), keys, [order], catalogue(), END)
    assert made.report.figures.ledger.bad is None
    took = {
        "seconds": time.process_time(),
        "megabytes": peak_megabytes(),
        "entries": made.report.figures.entries,
        "bytes": {name: len(body) for name, body in made.files.items()},
    }
    print(json.dumps(took))
