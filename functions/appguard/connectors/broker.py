"""The only door to data: admits, binds, asks, checks rows, masks, and records before it answers."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from appguard.connectors.access import EXPORTED, READ, WRITTEN, Access
from appguard.connectors.admission import Admission, Call
from appguard.connectors.admitted import Admitted
from appguard.connectors.binding import bind, digests
from appguard.connectors.budgets.alert import budget_exceeded
from appguard.connectors.budgets.budget import Account, Budget
from appguard.connectors.disclosure import person_found, refuse_persons, without_persons
from appguard.connectors.errors import BrokerFailed, BudgetExceeded, NothingChanged
from appguard.connectors.exports.allowed import ExportRules, permitted
from appguard.connectors.exports.file import Export, Mark
from appguard.connectors.exports.making import file_of
from appguard.connectors.model import Command, Connector, Query
from appguard.connectors.pace import Pace
from appguard.connectors.parameters import Bound
from appguard.connectors.payload import Asked, ExportAsked
from appguard.connectors.rules import Limits
from appguard.connectors.source import AnySource
from appguard.connectors.subjects import subjects_of
from appguard.connectors.table import Table, table_of
from appguard.kernel.actions import Action
from appguard.kernel.clock import Clock
from appguard.kernel.errors import AppGuardError
from appguard.kernel.event import AuditEvent
from appguard.kernel.levels import DataClass
from appguard.privacy.subject import Subject
from appguard.privacy.tags import SubjectKey


class Recorder(Protocol):
    """Where events are recorded: `audit.outbox.Outbox`."""

    def record(self, *events: AuditEvent) -> None:
        """Record the events, or raise."""


@dataclass(frozen=True)
class Broker:
    """Answers micro apps on behalf of their users.

    Every access and every refusal is recorded; a success is returned only after its event is.
    """

    admission: Admission
    sources: Callable[[Connector], AnySource]
    recorder: Recorder
    clock: Clock
    keys: Callable[[Iterable[Subject]], Sequence[SubjectKey]]
    exports: ExportRules
    budget: Budget
    pace: Pace

    def query(self, call: Call) -> Table:
        """The rows of a query that this user may see."""
        with self._watched(READ, call) as who:
            connector, query = self._query(who)
            self._enter(who, connector, query)
            table = self._table(who, connector, query, Asked.read(call.body), connector.limits)
            self._record_success(who)
            return table

    def export(self, call: Call) -> Export:
        """The rows of a query as a file, under its rules for exports; personal ones by a person's leave."""
        with self._watched(EXPORTED, call) as who:
            connector, query = self._query(who)
            self._enter(who, connector, query)
            leave = self.exports.leave(who.app_id, connector, call.operation, query)
            asked = ExportAsked.read(call.body)
            permitted(query, asked.format)
            if leave:
                who.access.facts |= {"exception": leave.exception_id, "approved_by": leave.approved_by}
            limits = connector.limits.capped(query.exports.rows)
            table = self._table(who, connector, query, asked, limits)
            export = file_of(asked.format, call.operation, table, self._mark(who, query, asked))
            who.access.facts |= {"purpose": asked.purpose, "format": asked.format, "file": export.digest}
            self._record_success(who)
            return export

    def _mark(self, who: Admitted, query: Query, asked: ExportAsked) -> Mark:
        """What the file will say of who took it, and where the ledger speaks of it."""
        access = who.access
        source = f"{access.connector}/{access.operation}"
        person = who.person.email
        return Mark(access.entry, self.clock(), person, who.app_id, source, query.highest, asked.purpose)

    def command(self, call: Call) -> int:
        """How many rows a command changed. Recorded before it is final: no change without its event."""
        with self._watched(WRITTEN, call) as who:
            connector, command = self._command(who)
            self._enter(who, connector, command)
            source = self.sources(connector)
            bound = _bound(who, source, command, Asked.read(call.body))
            if connector.kind == "http":
                refuse_persons(command, bound)
            who.access.subjects = self.keys(subjects_of(command, bound, who.person.email))
            with source.write(command, bound, who.identity, connector.limits) as changed:
                if not changed:
                    raise NothingChanged("there was nothing to change")
                self._command(who)
                who.access.facts["rows"] = changed
                self._record_success(who)
            return changed

    @contextmanager
    def _watched(self, action: Action, call: Call) -> Iterator[Admitted]:
        """Admit app and user; record whatever goes wrong from here on."""
        access = Access(action, call.connector, call.operation)
        try:
            app_id = access.app_id = self.admission.app(call)
            access.bundle_digest = self.admission.version(app_id)
            person = access.person = self.admission.person(call)
            yield Admitted(app_id, person, access)
        except AppGuardError as error:
            self.recorder.record(*access.refused(self.clock(), error))
            raise
        except Exception as error:
            failure = BrokerFailed("the broker failed")
            self.recorder.record(*access.refused(self.clock(), failure))
            raise failure from error

    def _query(self, who: Admitted) -> tuple[Connector, Query]:
        """The query asked for, if the app may ask it.

        Asked for again before rows leave: an access of seconds may outlive the grant it began with. Grants
        are remembered for almost five, so that all others ask the catalog nothing more.
        """
        return self.admission.query(who.app_id, who.access.connector, who.access.operation)

    def _command(self, who: Admitted) -> tuple[Connector, Command]:
        """Likewise the command, asked for again before the change is final."""
        return self.admission.command(who.app_id, who.access.connector, who.access.operation)

    def _enter(self, who: Admitted, connector: Connector, operation: Query | Command) -> None:
        """Note what is touched, and that this user asks once more."""
        who.access.facts["classes"] = [level.value for level in operation.classes]
        with who.counted(operation.highest):
            self.pace.step(connector.name, who.identity, connector.limits.calls_per_minute, self.clock())

    def _table(
        self, who: Admitted, connector: Connector, query: Query, asked: Asked, limits: Limits
    ) -> Table:
        """Ask the source, check and mask its rows."""
        source = self.sources(connector)
        bound = _bound(who, source, query, asked)
        table = table_of(
            query, source.read(query, bound, who.identity, limits), who.identity, source.key, limits
        )
        self._spend(who, connector, query.highest, len(table.rows))
        table = self._cleared(who, query, table)
        self._query(who)
        who.access.facts |= {"rows": len(table.rows), "truncated": table.truncated}
        who.access.subjects = self.keys(table.subjects)
        return table

    def _cleared(self, who: Admitted, query: Query, table: Table) -> Table:
        """The table without identifiers where its columns promise none; what was hidden goes on record."""
        table, found = without_persons(query, table)
        if found:
            access, now = who.access, self.clock()
            access.facts["hidden"] = {name: [*sorted(kinds)] for name, kinds in found.items()}
            place = f"{access.connector}/{access.operation}"
            columns = [column for column in query.columns if column.name in found]
            self.recorder.record(
                *(person_found(who.app_id, place, each, found[each.name], now) for each in columns)
            )
        return table

    def _spend(self, who: Admitted, connector: Connector, level: DataClass, rows: int) -> None:
        """Count the rows of today before they leave."""
        account = Account(connector.name, who.app_id, who.person.email, level)
        most, now = connector.limits.rows_a_day.of(level), self.clock()
        try:
            with who.counted(level):
                self.budget.spend(account, rows, most, now)
        except BudgetExceeded:
            self.recorder.record(budget_exceeded(account, who.person, most, now))
            raise

    def _record_success(self, who: Admitted) -> None:
        self.recorder.record(*who.access.granted(self.clock()))


def _bound(who: Admitted, source: AnySource, operation: Query | Command, asked: Asked) -> dict[str, Bound]:
    """The values to bind; their digests go into the record, scoped to connector and operation."""
    bound = bind(operation.parameters, asked.parameters)
    scope = f"{who.access.connector}/{who.access.operation}"
    who.access.facts["parameters"] = digests(source.key, scope, bound)
    return bound
