"""Where an event stands in the ledger, as the outbox knows it: a hint that saves reading everything."""

from typing import TYPE_CHECKING

from appguard.audit.reader import Place
from appguard.audit.store import LedgerStore
from appguard.kernel.ids import EventId

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


def place(client: "DynamoDBClient", ledger: str, outbox: str, event_id: EventId) -> Place | None:
    """The event's log and number; None while it is no entry. `ledger` and `outbox` are table names."""
    rows = LedgerStore(client, ledger, outbox).rows([event_id])
    return next(((row.log, row.index) for row in rows if row.index is not None), None)
