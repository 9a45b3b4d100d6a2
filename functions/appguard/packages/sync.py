"""Bring what is known against packages up to date: OSV's export."""

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from pydantic import JsonValue

from appguard.audit.outbox import Outbox, outbox
from appguard.kernel.actions import Action
from appguard.kernel.clock import Clock, utc_now
from appguard.kernel.errors import AppGuardError, Unavailable
from appguard.kernel.event import Actor, AuditEvent, Resource, Result
from appguard.kernel.ids import EventId
from appguard.packages.download import Download, download
from appguard.packages.errors import AdvisoriesUnusable
from appguard.packages.export import MAX_ARCHIVE, records
from appguard.packages.index import Header, Index, build

if TYPE_CHECKING:
    from appguard.packages.store import PackageStore

ACTOR = Actor.system("packages.sync")
ADVISORIES = Resource(type="advisories", id="pypi")
LEAST_KEPT = 0.9
"""OSV withdraws records by marking them, so an export that lost a tenth of them is a broken one."""


@dataclass(frozen=True)
class Sync:
    """One run, at most once a day. A source that fails leaves what was known before, and an event."""

    store: "PackageStore"
    outbox: Outbox
    osv_url: str
    fetch: Download = download
    clock: Clock = utc_now

    def advisories(self) -> Header:
        """Replace the index by one of today's export; raises what kept it from doing so."""
        try:
            archive = self.fetch(self.osv_url, largest=MAX_ARCHIVE, seconds=120)
            if archive is None:
                raise Unavailable(f"there is no export at {self.osv_url}")
            data = build(records(archive))
            header = Index(data).header
            self._must_follow(header)
        except AppGuardError as error:
            self._record(Action.ADVISORIES_SYNC_FAILED, EventId.new(), Result.FAILURE, code=error.code)
            raise
        self.store.save_index(data)
        digest = sha256(data).hexdigest()
        self._record(
            Action.ADVISORIES_SYNCED,
            EventId.of(Action.ADVISORIES_SYNCED, digest),
            Result.SUCCESS,
            digest=f"sha256:{digest}",
            advisories=header.advisories,
            as_of=header.as_of.isoformat(),
        )
        return header

    def _must_follow(self, new: Header) -> None:
        """An export that knows less than the one before it is not believed."""
        if (stored := self.store.index()) is None:
            return
        old = Index(stored).header
        if new.as_of < old.as_of or new.advisories < old.advisories * LEAST_KEPT:
            raise AdvisoriesUnusable(
                f"the export holds {new.advisories} records of {new.as_of:%Y-%m-%d}, less than before",
                "Look at the export; delete packages/advisories.zip to start from it all the same.",
            )

    def _record(self, action: Action, event_id: EventId, result: Result, **said: JsonValue) -> None:
        event = AuditEvent.of(action, ACTOR, ADVISORIES, self.clock(), event_id=event_id, result=result)
        self.outbox.record(event.model_copy(update={"metadata": said}))


def daily() -> Sync:
    """The deployment's."""
    import boto3  # noqa: PLC0415 - clients are made on first use, not at import

    from appguard.packages.settings import SyncSettings  # noqa: PLC0415 - asked for by the one function
    from appguard.packages.store import PackageStore  # noqa: PLC0415 - with its client

    settings = SyncSettings.from_env()
    return Sync(PackageStore(boto3.client("s3"), settings.bucket), outbox(), settings.osv_url)
