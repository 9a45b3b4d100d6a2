"""Letting a query's personal rows leave an app as a file, for a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from appguard.approvals.access import SECURITY
from appguard.approvals.errors import ExportUnknown, NoLeaveNeeded, NotSecurity
from appguard.approvals.exceptions.events import event
from appguard.approvals.exceptions.exceptions import Exceptions, exceptions
from appguard.approvals.exceptions.model import AcceptedExport, Open, Revoked, exception_id
from appguard.apps.model import App, Publication
from appguard.connectors.exports.leaving import leaving, needs_exception
from appguard.connectors.model import Connector
from appguard.connectors.registry import registry
from appguard.kernel.event import Role
from appguard.kernel.ids import AppId, ConnectorName
from appguard.kernel.person import Person


@dataclass(frozen=True)
class Asked:
    """An export somebody may be asked to allow."""

    app: App
    publication: Publication
    connector: Connector
    about: AcceptedExport


@dataclass(frozen=True)
class ExportExceptions:
    """Exceptions for exports: given to an app in use, for a query it was granted."""

    exceptions: Exceptions
    connectors: Mapping[ConnectorName, Connector]

    def asked(self, app_id: AppId, connector: str, query: str) -> Asked:
        """What would be allowed; raises `ExportUnknown` or `NoLeaveNeeded`."""
        app = self.exceptions.apps.get(app_id)
        granted = app.publication.grants.connectors if app.publication else {}
        name = next((known for known in granted if known == connector), None)
        if app.publication is None or name is None or query not in granted[name].queries:
            raise ExportUnknown(f"{app.name} was not granted this query")
        declared = self.connectors.get(name)
        if declared is None or query not in declared.queries:
            raise ExportUnknown("this query was withdrawn")
        if not needs_exception(declared.queries[query]):
            raise NoLeaveNeeded("this query may leave as a file without an exception")
        columns = leaving(declared.queries[query])
        return Asked(
            app, app.publication, declared, AcceptedExport(connector=name, query=query, columns=columns)
        )

    def allow(self, asked: Asked, by: Person, reason: str) -> Open:
        """Accept it for a term: by a reviewer who neither asked for the app nor owns it.

        What security took back only security gives again.
        """
        known, now = exception_id(asked.app.app_id, asked.about.identity), self.exceptions.clock()
        old = self.exceptions.store.find(known)
        record = Open(
            exception_id=known,
            app_id=asked.app.app_id,
            app_name=asked.app.name,
            about=asked.about,
            tier=asked.publication.risk.tier,
            requester=asked.app.owner,
            owner=asked.app.owner,
            owner_email=asked.app.owner_email,
            bundle_digest=asked.publication.bundle_digest,
            approval_id=None,
            approved_by=by.id,
            reason=reason,
            granted_at=now,
            expires_at=now + self.exceptions.rules.export_lasts,
            version=old.version if old else 0,
        )
        self.exceptions.must_not_be_own(record, by)
        if isinstance(old, Revoked) and not SECURITY & by.groups:
            self.exceptions.deny(
                record, by, NotSecurity("security took this back, so only security gives it")
            )
        actor = by.acting_as(Role.REVIEWER)
        self.exceptions.store.change(record, event("granted", record, actor, now, once=str(record.version)))
        return record


@cache
def export_exceptions() -> ExportExceptions:
    """The deployment's exceptions for exports."""
    return ExportExceptions(exceptions(), registry())
