"""The sources of a deployment: what was stored before, or Amazon Inspector for vulnerabilities.

Nothing is read before a bundle with dependencies asks.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING

from appguard.kernel.clock import utc_now
from appguard.kernel.errors import Unavailable
from appguard.packages import installation, requirements
from appguard.packages.index import Index
from appguard.packages.model import AdvisorySource, Answer, Knowledge, Pin, Resolution
from appguard.packages.settings import AskSettings, PackageSettings
from appguard.packages.wheels import WheelRefused

if TYPE_CHECKING:
    from appguard.packages.store import PackageStore

FRESH = timedelta(hours=20)


class StoredAdvisories:
    """The index that the last sync wrote; before the first sync there is none."""

    def __init__(self, store: "Callable[[], PackageStore]") -> None:
        """Read it from `store`."""
        self._store = store

    def ask(self, pins: Sequence[Pin]) -> Answer | None:
        """What it says; raises `AdvisoriesUnusable` where it is damaged."""
        data = self._store().index()
        return Index(data).ask(pins) if data else None


class StoredIndex:
    """What the function that asks the index has found out."""

    def __init__(
        self, store: "Callable[[], PackageStore]", ask: "Callable[[bytes], None] | None" = None
    ) -> None:
        """Read it from `store`; where nothing is known yet, or nothing of today, `ask` first."""
        self._store, self._ask = store, ask
        self._places: dict[str, str] = {}

    def resolve(self, content: bytes) -> Resolution:
        """What is known of a requirements.txt."""
        digest = sha256(content).hexdigest()
        known = self._store().resolution(digest)
        if self._ask and not (known and known.at and utc_now() - known.at < FRESH):
            self._ask(content)
            known = self._store().resolution(digest)
        return known or Resolution(failed="nobody has asked the package index about this file yet")

    def place(self, installed: str) -> str:
        """Where a sandbox finds an archive: the same address for all gates of one run."""
        if installed not in self._places:
            self._places[installed] = self._store().place(installed)
        return self._places[installed]


def advisories() -> AdvisorySource:
    """The advisories of the daily sync, whoever is asked in reviews."""
    return StoredAdvisories(_store)


class _Chosen:
    """The source that the deployment's settings name."""

    def ask(self, pins: Sequence[Pin]) -> Answer | None:
        if PackageSettings.from_env().source == "inspector":
            return _inspector().ask(pins)
        return StoredAdvisories(_store).ask(pins)


def knowledge() -> Knowledge:
    """What this deployment knows of packages."""
    ask = _ask if AskSettings.from_env().function else None
    return Knowledge(_Chosen(), StoredIndex(_store, ask))


def installed(content: bytes) -> Mapping[str, bytes]:
    """The packages of a requirements.txt as they were tested, by their path.

    Made again of the wheels, whose hashes stand in the file; raises `WheelRefused` unless that gives, byte by
    byte, the archive that the sandbox had.
    """
    pins = requirements.read(content).pins
    if not pins:
        return {}
    store = _store()
    known = store.resolution(sha256(content).hexdigest())
    if known is None or known.installed is None:
        raise WheelRefused("the packages of this version were never installed for its tests")
    found = installation.files(pins, known, store.wheel)
    if sha256(installation.archive(found)).hexdigest() != known.installed:
        raise WheelRefused("the packages are not the ones that were tested")
    return found


def _ask(content: bytes) -> None:
    """Have the index asked; its answer is stored."""
    import boto3  # noqa: PLC0415 - clients are made on first use, not at import

    payload = json.dumps({"requirements": content.decode("utf-8", "replace")}).encode()
    answer = boto3.client("lambda").invoke(FunctionName=AskSettings.from_env().function, Payload=payload)
    if "FunctionError" in answer:
        raise Unavailable("the package index could not be asked")


@cache
def _inspector() -> AdvisorySource:
    import boto3  # noqa: PLC0415 - clients are made on first use, not at import

    from appguard.packages.inspector import Inspector  # noqa: PLC0415 - where it is chosen

    return Inspector(boto3.client("inspector-scan"))


@cache
def _store() -> "PackageStore":
    import boto3  # noqa: PLC0415 - clients are made on first use, not at import

    from appguard.packages.store import PackageStore  # noqa: PLC0415 - with its client

    return PackageStore(boto3.client("s3"), PackageSettings.from_env().bucket)
