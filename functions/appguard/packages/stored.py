"""The sources of a deployment: what the sync has stored, or Amazon Inspector for vulnerabilities.

Nothing is read before a bundle with dependencies asks.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

from appguard.packages.index import Index
from appguard.packages.model import AdvisorySource, Answer, Facts, Knowledge, Pin
from appguard.packages.settings import PackageSettings

if TYPE_CHECKING:
    from appguard.packages.store import PackageStore


class StoredAdvisories:
    """The index that the last sync wrote; before the first sync there is none."""

    def __init__(self, store: "Callable[[], PackageStore]") -> None:
        """Read it from `store`."""
        self._store = store

    def ask(self, pins: Sequence[Pin]) -> Answer | None:
        """What it says; raises `AdvisoriesUnusable` where it is damaged."""
        data = self._store().index()
        return Index(data).ask(pins) if data else None


class StoredFacts:
    """The facts that syncs have gathered. What is not there is asked for, so that the next one gathers it."""

    def __init__(self, store: "Callable[[], PackageStore]") -> None:
        """Read them from `store`."""
        self._store = store

    def facts(self, pins: Sequence[Pin]) -> Mapping[Pin, Facts]:
        """The facts of those pins that are known."""
        store = self._store()
        known = {pin: found for pin in pins if (found := store.facts(pin))}
        for pin in pins:
            if pin not in known:
                store.ask(pin)
        return known


class _Chosen:
    """The source that the deployment's settings name."""

    def ask(self, pins: Sequence[Pin]) -> Answer | None:
        if PackageSettings.from_env().source == "inspector":
            return _inspector().ask(pins)
        return StoredAdvisories(_store).ask(pins)


def knowledge() -> Knowledge:
    """What this deployment knows of packages."""
    return Knowledge(_Chosen(), StoredFacts(_store))


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
