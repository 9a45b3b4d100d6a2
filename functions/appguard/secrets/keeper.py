"""What becomes of an app's secrets: made with it, replaced when due, gone with it."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

from appguard.apps.catalog import Catalog, catalog
from appguard.apps.lifecycle import State
from appguard.connectors.registry import registry
from appguard.kernel.actions import Action
from appguard.kernel.clock import Clock, utc_now
from appguard.kernel.errors import Misconfigured, NotFound
from appguard.kernel.event import AuditEvent, Resource
from appguard.kernel.ids import AppId, ConnectorName, EventId
from appguard.secrets.kept import Kept, contained
from appguard.secrets.leased import LeasedLogins, LeaseMethod
from appguard.secrets.logins import AdministratorMethod, LoginMethod
from appguard.secrets.model import SecretRecord
from appguard.secrets.names import SecretName, roles
from appguard.secrets.policy import SecretKind, SecretPolicy, secret_policy
from appguard.secrets.provider import Provider, Stage, apps_own, leases, provider
from appguard.secrets.rotation import SYSTEM, Method, Rotation
from appguard.secrets.session_keys import SessionKeyMethod
from appguard.secrets.sources import Sources, signs_in
from appguard.secrets.store import Records, records

RUNNING = frozenset({State.ACTIVE, State.SUSPENDED, State.QUARANTINED})
MOST_AT_ONCE = 200  # what a run of five minutes can do; the next run goes on with the rest


@dataclass(frozen=True)
class Keeper:
    """Safe to run twice, late, or beside itself; `databases` are the connectors with a PostgreSQL behind."""

    provider: Provider
    session_keys: Provider
    records: Records
    sources: Sources
    apps: Catalog
    databases: Collection[ConnectorName]
    policy: SecretPolicy
    clock: Clock
    leased: LeasedLogins | None = None
    """Where Vault's database engine can be asked."""

    def provide(self, app_id: AppId, connectors: Collection[ConnectorName]) -> list[SecretName]:
        """Make what an app with these connectors lacks; what it has stays as it is."""
        wanted = [SecretRecord.session_key(app_id, self.clock())]
        for connector in sorted(set(connectors) & set(self.databases)):
            if self.sources.server(connector).sign_in == "iam":
                with self.sources.administrator(connector) as (_, administrator):
                    administrator.give_iam(roles(connector, app_id)[0])
            else:
                wanted.append(SecretRecord.login(connector, app_id, self.clock()))
        return [record.name for record in wanted if self._provided(record)]

    def rotate_due(self) -> Kept:
        """Replace what is old enough, the oldest first; one secret's trouble keeps no other from its turn."""
        kept, now = Kept(), self.clock()
        self._notice_administrators(kept)
        self._go_on(kept)
        due = [
            record
            for kind in SecretKind
            for record in self.records.oldest(kind, now - self.policy.ages[kind].rotate_after)
        ]
        return self._each(sorted(due, key=lambda record: record.rotated_at)[:MOST_AT_ONCE], kept)

    def rotate_app(self, app_id: AppId) -> Kept:
        """Replace all secrets of one app now."""
        return self._each(self.records.of_app(app_id), Kept())

    def withdraw(self, app_id: AppId) -> Kept:
        """The app is gone: nothing of it can sign in anywhere any more."""
        kept = Kept()
        for connector in self._granted(app_id) & set(self.databases):
            self._drop(connector, app_id)
        for record in self.records.of_app(app_id):
            self._withdrawn(record)
            kept.withdrawn.append(record.name)
        return kept

    def _go_on(self, kept: Kept) -> None:
        """Leases are renewed; what ended, or no longer comes the way its connector wants, is replaced."""
        if self.leased is None:
            return
        for record in list(self.records.oldest(SecretKind.DATABASE_LOGIN)):
            with contained(record.name, kept):
                wanted = self._from_vault(record.connector)
                if wanted and self.leased.lasts(record.name):
                    kept.renewed.append(record.name)
                elif wanted or self.leased.holds(record.name):
                    self._each([record], kept)

    def _each(self, due: Collection[SecretRecord], kept: Kept) -> Kept:
        for record in due:
            with contained(record.name, kept):
                if self._needed(record):
                    self._rotated(record)
                    kept.rotated.append(record.name)
                else:
                    self._withdrawn(record)
                    kept.withdrawn.append(record.name)
        return kept

    def _provided(self, record: SecretRecord) -> bool:
        """Recorded before it is made: what dies in between is found by its record."""
        known = self.records.find(record.name) or self.records.save(record, self._event("registered", record))
        if record.kind is SecretKind.SESSION_KEY:
            return False  # the app's stack makes the first one
        if self.provider.read(record.name) and not self.provider.read(record.name, Stage.PENDING):
            return False
        self._rotated(known)
        return True

    def _rotated(self, record: SecretRecord) -> None:
        with self._method(record) as method:
            kept_at = self.session_keys if record.kind is SecretKind.SESSION_KEY else self.provider
            Rotation(kept_at, self.records, self.clock).rotate(record, method)

    def _withdrawn(self, record: SecretRecord) -> None:
        if record.kind is SecretKind.DATABASE_LOGIN and record.connector and record.app_id:
            self._drop(record.connector, record.app_id)
            self.provider.delete(record.name)
        self.records.remove(record, self._event("withdrawn", record))

    def _drop(self, connector: ConnectorName, app_id: AppId) -> None:
        if leased := self._from_vault(connector):
            leased.end(SecretName.login(connector, app_id))
            return
        with self.sources.administrator(connector) as (_, administrator):
            for role in roles(connector, app_id):
                administrator.drop(role)

    @contextmanager
    def _method(self, record: SecretRecord) -> Iterator[Method]:
        """How secrets of this kind are replaced, by nobody else at the same time."""
        if record.connector is None:
            yield SessionKeyMethod()
            return
        rule = self.policy.database_passwords
        if record.app_id and (leased := self._from_vault(record.connector)):
            server = self.sources.server(record.connector)
            yield LeaseMethod(record.connector, server, leased.leases, signs_in, rule.overlap)
            return
        with (
            self.sources.administrator(record.connector) as (server, administrator),
            administrator.alone(record.name),
        ):
            if record.app_id is None:
                yield AdministratorMethod(server, administrator, signs_in)
                return
            pair = roles(record.connector, record.app_id)
            yield LoginMethod(record, pair, server, administrator, signs_in, rule, self.clock)

    def _from_vault(self, connector: ConnectorName | None) -> LeasedLogins | None:
        """Who leases logins for this connector, where it wants them leased; raises `Misconfigured`."""
        if connector is None or self.sources.server(connector).sign_in != "vault":
            return None
        if self.leased is None:
            raise Misconfigured(f"{connector} wants logins of Vault, and secrets_provider is not vault")
        return self.leased

    def _needed(self, record: SecretRecord) -> bool:
        """Whether the app is still there, and still granted what the secret is for."""
        if record.app_id is None:
            return True
        try:
            app = self.apps.get(record.app_id)
        except NotFound:
            return False
        granted = app.publication.grants.connectors if app.publication else {}
        return app.state in RUNNING and (record.connector is None or record.connector in granted)

    def _granted(self, app_id: AppId) -> set[ConnectorName]:
        app = self.apps.get(app_id)
        return set(app.publication.grants.connectors) if app.publication else set()

    def _notice_administrators(self, kept: Kept) -> None:
        """People put these secrets in place: they are known from the first run after that on."""
        for connector in self.databases:
            name = SecretName.administrator(connector)
            with contained(name, kept):
                since = None if self.records.find(name) else self.provider.changed_at(name)
                if since:
                    record = SecretRecord.administrator(connector, since)
                    self.records.save(record, self._event("registered", record))

    def _event(self, fact: str, record: SecretRecord) -> AuditEvent:
        return AuditEvent.of(
            Action(f"secret.{fact}"),
            SYSTEM,
            Resource(type="secret", id=record.name),
            self.clock(),
            event_id=EventId.of(f"secret.{fact}", record.name, record.created_at.isoformat()),
            app_id=record.app_id,
        )


@cache
def keeper() -> Keeper:
    """The deployment's keeper, made on first use."""
    kept, policy = provider(), secret_policy()
    databases = {name for name, connector in registry().items() if connector.kind == "postgresql"}
    engine = leases(policy.database_passwords.valid)
    return Keeper(
        kept,
        apps_own(),
        records(),
        Sources(kept),
        catalog(),
        databases,
        policy,
        utc_now,
        LeasedLogins(kept, engine) if engine else None,
    )
