"""The shelf: which reports there are, who may fetch what of them, and the links in mails."""

import secrets
from collections.abc import Callable
from datetime import timedelta
from functools import cache

from appguard.audit.outbox import Outbox, outbox
from appguard.kernel.actions import Action
from appguard.kernel.clock import Clock, utc_now
from appguard.kernel.errors import NotFound
from appguard.kernel.event import Actor, AuditEvent, Resource
from appguard.kernel.ids import EventId
from appguard.reports.order import Order
from appguard.reports.settings import ShelfSettings
from appguard.reports.shelved import Locator, Shelved
from appguard.reports.store import ReportStore

FUNCTION = "appguard-reports-make"
LINK_LASTS = timedelta(days=14)


class Shelf:
    """Reports that are made, and asking for another."""

    def __init__(
        self, store: ReportStore, outbox: Outbox, ask: Callable[[Order], None], clock: Clock = utc_now
    ) -> None:
        """`ask` has a report made elsewhere and returns at once."""
        self._store, self._outbox, self._ask, self._clock = store, outbox, ask, clock

    def all(self) -> list[Shelved]:
        """Every report, the latest first."""
        return self._store.all()

    def get(self, report_id: str) -> Shelved:
        """One report; raises `NotFound`."""
        if found := self._store.find(report_id):
            return found
        raise NotFound(
            "There is no such report", "If it was just asked for, it is here within a minute or two."
        )

    def fetch(self, report_id: str, name: str, by: Actor) -> str:
        """Where a file can be fetched for a minute, once it is recorded who fetches it."""
        shelved = self.get(report_id)
        address = self._store.address(shelved, name)
        self._record(Action.REPORT_FETCHED, by, report_id, file=name)
        return address

    def order(self, order: Order) -> None:
        """Have a report made, and record who asked."""
        self._record(
            Action.REPORT_ASKED, order.by, order.report_id, EventId.of(Action.REPORT_ASKED, order.report_id)
        )
        self._ask(order)

    def link(self, report_id: str) -> str:
        """The token of a new link to a report. It shows nothing to whoever has not signed in."""
        token = secrets.token_urlsafe(24)
        self._store.put_link(token, Locator(report_id=report_id, until=self._clock() + LINK_LASTS))
        return token

    def behind(self, token: str) -> str:
        """The report a link leads to; raises `NotFound` once it has ended."""
        found = self._store.link(token)
        if found is None or found.until <= self._clock():
            raise NotFound("This link has ended", "Find the report in the list of reports.")
        return found.report_id

    def _record(
        self, action: Action, by: Actor, report_id: str, once: EventId | None = None, **facts: str
    ) -> None:
        about = Resource(type="report", id=report_id)
        event = AuditEvent.of(action, by, about, self._clock(), event_id=once)
        self._outbox.record(event.model_copy(update={"metadata": dict(facts)}))


def _ask(order: Order) -> None:
    import boto3  # noqa: PLC0415 - on first use

    payload = f'{{"order":{order.model_dump_json()}}}'.encode()
    boto3.client("lambda").invoke(FunctionName=FUNCTION, InvocationType="Event", Payload=payload)


@cache
def shelf() -> Shelf:
    """The shelf of this deployment."""
    import boto3  # noqa: PLC0415 - clients are made on first use, not at import
    from botocore.config import Config  # noqa: PLC0415 - likewise

    settings = ShelfSettings.from_env()
    # Left to itself boto3 signs addresses by a version that newer regions refuse.
    s3, dynamodb = boto3.client("s3", config=Config(signature_version="s3v4")), boto3.client("dynamodb")
    return Shelf(ReportStore(s3, dynamodb, outbox(), settings.bucket, settings.table), outbox(), _ask)
