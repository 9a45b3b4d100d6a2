"""Whether an exception lets a query's rows leave an app as a file, at this moment."""

from functools import cache

from appguard.approvals.exceptions.model import AcceptedExport, Open, exception_id, export_identity
from appguard.approvals.exceptions.store import ExceptionStore
from appguard.approvals.settings import ApprovalSettings
from appguard.connectors.exports.allowed import Leave
from appguard.connectors.exports.leaving import leaving
from appguard.connectors.model import Query
from appguard.kernel.clock import utc_now
from appguard.kernel.ids import AppId, ConnectorName


def covering(app_id: AppId, connector: ConnectorName, name: str, query: Query) -> Leave | None:
    """The leave, or None.

    Read afresh for each export, so that one that was taken back or has ended lets nothing more out.
    One that was given when the query returned other columns, classes or masks covers nothing.
    """
    record = _store().find(exception_id(app_id, export_identity(connector, name)))
    if not isinstance(record, Open) or not record.holds(utc_now()):
        return None
    if not isinstance(record.about, AcceptedExport) or record.about.columns != leaving(query):
        return None
    return Leave(record.exception_id, record.approved_by)


@cache
def _store() -> ExceptionStore:
    import boto3  # noqa: PLC0415 - clients are made on first use, not at import

    from appguard.audit.outbox import outbox  # noqa: PLC0415

    return ExceptionStore(boto3.client("dynamodb"), outbox(), ApprovalSettings.from_env().table)
