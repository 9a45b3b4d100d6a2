"""The catalog: every micro app, its state and what it may touch. Other contexts come in here."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic import Field, JsonValue

from appguard.apps.bundle import Bundle
from appguard.apps.card import Card
from appguard.apps.lifecycle import State, Trigger
from appguard.apps.listing import Listing
from appguard.apps.manifest import LifecycleRules, Manifest, Metadata
from appguard.apps.model import App, DueKind, Grants, KnownFault, Note, Offer, Permit, Publication, Risk
from appguard.apps.store import CatalogStore, stored_bundle
from appguard.apps.yaml_source import ManifestError
from appguard.kernel.actions import Action
from appguard.kernel.clock import Clock, utc_now
from appguard.kernel.errors import Conflict, Forbidden, StaleVersion
from appguard.kernel.event import Actor, AuditEvent, Resource, Role
from appguard.kernel.ids import AppId, BundleDigest, EventId, PersonId
from appguard.kernel.person import Person
from appguard.kernel.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

DAYS_A_MONTH = 30.44
NOTES = 20


class AppIdTaken(Conflict):
    """Another app has this id."""

    code = "app_id_taken"
    remediation = "Choose another short name."


class Catalog:
    """Reads and changes apps; each change is one transaction with its audit event."""

    def __init__(self, store: CatalogStore, clock: Clock = utc_now) -> None:
        """Keep apps in `store`; `clock` dates the events."""
        self._store, self._clock = store, clock
        self._listing = Listing(store.cards, clock)

    def create(self, app_id: AppId, name: str, description: str, team: str, owner: Person) -> App:
        """A new draft owned by `owner`; raises `AppIdTaken`."""
        now = self._clock()
        app = App(
            app_id=app_id,
            name=name,
            description=description,
            team=team,
            owner=owner.id,
            owner_email=owner.email,
            created_at=now,
        )
        event = self._event(Action.APP_CREATED, app, owner.acting_as(Role.REQUESTER), None, {"team": team})
        try:
            self._store.create(app, event)
        except StaleVersion:
            raise AppIdTaken(f"the name {app_id} is taken") from None
        return app

    def get(self, app_id: AppId) -> App:
        """One app; raises `NotFound`."""
        return self._store.app(app_id)

    def owned_by(self, owner: PersonId) -> list[App]:
        """The apps of one person, by id."""
        return self._store.owned_by(owner)

    def in_state(self, state: State) -> list[App]:
        """The apps in one state, by name."""
        return self._store.in_state(state)

    def cards(self) -> Collection[Card]:
        """The card of every app, for lists and searches; a change is here within seconds."""
        return self._listing.cards()

    def due(self, kind: DueKind, until: date) -> list[AppId]:
        """Apps whose date of this kind has come, most overdue first."""
        return list(self._store.due(kind, until))

    def bundle(self, digest: BundleDigest) -> Bundle:
        """A stored bundle; raises `NotFound`."""
        return self._store.bundle(digest)

    def authors(self, app_id: AppId) -> frozenset[str]:
        """Everybody who ever saved a version of the app: persons, or logins of a Git service."""
        return self._store.authors(app_id)

    def permit(self, app_id: AppId) -> Permit | None:
        """What the app may touch now, and in which version: None unless it is active."""
        app = self._store.app(app_id)
        if app.publication is None or app.state is not State.ACTIVE:
            return None
        return Permit(bundle_digest=app.publication.bundle_digest, grants=app.publication.grants)

    def save_draft(self, app_id: AppId, bundle: Bundle, by: Actor) -> App:
        """Store a bundle as the app's draft. An unfinished manifest may be saved, a foreign one not."""
        app = self.get(app_id)
        manifest = _manifest_if_valid(bundle)
        if manifest and manifest.metadata.id != app_id:
            raise Forbidden(f"the manifest is of {manifest.metadata.id}", f"Set metadata.id to {app_id}.")
        self._store.put_bundle(bundle)
        changes: dict[str, Any] = {"draft": bundle.digest}
        if manifest and app.publication is None:
            changes |= _described(manifest.metadata)
        event = self._event(Action.APP_DRAFTED, app, by, None, {}, bundle.digest)
        return self._store.save(app, app.model_copy(update=changes), event, bundle=bundle.digest)

    def advance(
        self,
        app_id: AppId,
        trigger: Trigger,
        by: Actor,
        *,
        event_id: EventId | None = None,
        note: str = "",
        **why: JsonValue,
    ) -> App:
        """Move the app along its lifecycle; `note` is what the person said. Raises `IllegalTransition`.

        With the same `event_id` a retried step changes nothing, whatever the state became since.
        """
        app = self.get(app_id)
        if event_id and self._store.recorded(event_id):
            return app
        event = self._event(Action(f"app.{trigger}"), app, by, event_id, why)
        due: dict[DueKind, date | None] = dict.fromkeys(NO_LONGER_DUE.get(trigger, ()))
        if trigger is Trigger.RELEASED and app.publication:
            due[DueKind.IDLE] = self._clock().date() + timedelta(days=app.publication.idle_after_days)
        return self._store.save(app, app.advanced(trigger), event, due=due, note=note)

    def publish(
        self,
        app_id: AppId,
        digest: BundleDigest,
        risk: Risk,
        grants: Grants,
        url: str,
        by: Actor,
        event_id: EventId,
    ) -> App:
        """Make `digest` the version employees use, with its dates; safe to retry by `event_id`."""
        app, now = self.get(app_id), self._clock()
        if self._store.recorded(event_id):
            return app
        bundle = self.bundle(digest)
        manifest = bundle.manifest()
        rules = manifest.lifecycle
        due = _due_dates(rules, now.date())
        retire_on = due[DueKind.RETIRE]
        publication = Publication(
            bundle_digest=digest,
            risk=risk,
            grants=grants,
            url=url,
            published_at=now,
            retire_on=retire_on,
            idle_after_days=rules.idle_after_days,
            packages=_packages(bundle),
        )
        changes = {"publication": publication, **_described(manifest.metadata)}
        facts: dict[str, JsonValue] = {"tier": risk.tier.value, "retire_on": str(retire_on), "url": url}
        facts["classes"] = [one.value for one in risk.classes]
        event = self._event(Action.APP_PUBLISHED, app, by, event_id, facts, digest)
        published = app.advanced(Trigger.PUBLISHED).model_copy(update=changes)
        return self._store.save(app, published, event, due=due)

    def recertify(self, app_id: AppId, by: Actor, event_id: EventId, note: str = "") -> App:
        """The owner confirmed need, owner and access: the app is active with new dates."""
        app, today = self.get(app_id), self._clock().date()
        if self._store.recorded(event_id):
            return app
        advanced = app.advanced(Trigger.RECERTIFIED)
        if advanced.publication is None:
            raise Conflict("only a published app can be recertified")
        rules = self.bundle(advanced.publication.bundle_digest).manifest().lifecycle
        dates = _due_dates(rules, today)
        renewed = advanced.publication.model_copy(update={"retire_on": dates[DueKind.RETIRE]})
        facts: dict[str, JsonValue] = {kind.value: str(day) for kind, day in dates.items()}
        event = self._event(Action.APP_RECERTIFIED, app, by, event_id, facts)
        return self._store.save(
            app, advanced.model_copy(update={"publication": renewed}), event, due=dates, note=note
        )

    def used(self, app_id: AppId, day: date) -> None:
        """The app was used on `day`: its idle date moves, once a day however often this is called."""
        app = self.get(app_id)
        if app.state is not State.ACTIVE or app.publication is None:
            return
        event_id = EventId.of(Action.APP_USED, app_id, str(day))
        if self._store.recorded(event_id):
            return
        idle_on = day + timedelta(days=app.publication.idle_after_days)
        event = self._event(Action.APP_USED, app, Actor.system("catalog"), event_id, {"idle": str(idle_on)})
        known = {"last_used": max(day, app.last_used or day), "days_used": app.days_used + 1}
        self._store.save(app, app.model_copy(update=known), event, due={DueKind.IDLE: idle_on})

    def notes(self, app_id: AppId) -> list[Note]:
        """What people said when they did something to the app, the newest first."""
        return self._store.notes(app_id, NOTES)

    def due_dates(self, app_id: AppId) -> dict[DueKind, date]:
        """What of an app is due when."""
        return self._store.due_dates(app_id)

    def offer_of(self, app_id: AppId) -> Offer | None:
        """To whom the app is offered, if to anybody."""
        return self._store.offer(app_id)

    def offered_to(self, email: str) -> list[Offer]:
        """The apps offered to whoever has this address."""
        return self._store.offered_to(email)

    def offer(self, app: App, to: str, by: Person, role: Role, words: str) -> Offer:
        """Offer the app to an address; the offer before, if any, is over."""
        offer = Offer(
            app_id=app.app_id, app_name=app.name, to=to, by_email=by.email, at=self._clock(), words=words
        )
        event = self._event(Action.APP_OFFERED, app, by.acting_as(role), None, {})
        self._store.save(app, app, event, note=words, offer=offer)
        return offer

    def end_offer(self, app: App, by: Actor, how: str) -> None:
        """Nobody takes the app over: the offer was declined or withdrawn."""
        self._store.save(
            app, app, self._event(Action.APP_OFFER_ENDED, app, by, None, {"how": how}), offer_ends=True
        )

    def hand_over(self, app: App, to: Person) -> App:
        """`to` owns the app from now on."""
        facts: dict[str, JsonValue] = {"from": str(app.owner), "to": str(to.id)}
        event = self._event(Action.APP_TRANSFERRED, app, to.acting_as(Role.REQUESTER), None, facts)
        owned = app.model_copy(update={"owner": to.id, "owner_email": to.email})
        return self._store.save(app, owned, event, offer_ends=True)

    def know_faults(self, app: App, faults: Sequence[KnownFault], by: Actor) -> bool:
        """Write down all that is known against the version in use; says whether some of it is news.

        Raises `StaleVersion` where the app was saved since it was read, `Conflict` where none is in use.
        """
        if (publication := app.publication) is None:
            raise Conflict("only a published app has a version in use")
        news = [one for one in faults if not any(one.is_same_as(old) for old in publication.faults)]
        action = Action.APP_VULNERABLE if news else Action.APP_VULNERABILITIES_CHANGED
        facts: dict[str, JsonValue] = {"faults": [one.model_dump(mode="json") for one in news or faults]}
        once = EventId.of(action, app.app_id, str(app.version))
        event = self._event(action, app, by, once, facts, publication.bundle_digest)
        now_known = publication.model_copy(update={"faults": tuple(faults)})
        self._store.save(app, app.model_copy(update={"publication": now_known}), event)
        return bool(news)

    def orphan(self, app_id: AppId, by: Actor, event_id: EventId) -> App:
        """The owner left: nobody answers for the app; what it may do stays as it is."""
        return self._answered_for(app_id, Action.APP_ORPHANED, by, event_id, orphaned_at=self._clock())

    def reclaim(self, app_id: AppId, by: Actor, event_id: EventId) -> App:
        """The owner is back."""
        return self._answered_for(app_id, Action.APP_RECLAIMED, by, event_id, orphaned_at=None)

    def _answered_for(
        self,
        app_id: AppId,
        action: Action,
        by: Actor,
        event_id: EventId,
        *,
        orphaned_at: datetime | None,
    ) -> App:
        app = self.get(app_id)
        if (app.orphaned_at is None) == (orphaned_at is None):
            return app
        event = self._event(action, app, by, event_id, {})
        return self._store.save(app, app.model_copy(update={"orphaned_at": orphaned_at}), event)

    def _event(
        self,
        action: Action,
        app: App,
        by: Actor,
        event_id: EventId | None,
        facts: dict[str, JsonValue],
        digest: BundleDigest | None = None,
    ) -> AuditEvent:
        event = AuditEvent.of(
            action,
            by,
            Resource(type="app", id=app.app_id),
            self._clock(),
            event_id=event_id,
            app_id=app.app_id,
            bundle_digest=digest or app.draft,
        )
        return event.model_copy(update={"metadata": facts})


NO_LONGER_DUE: Mapping[Trigger, Collection[DueKind]] = {
    Trigger.SUSPENDED: (DueKind.IDLE,),
    Trigger.RETIRED: tuple(DueKind),
    Trigger.ARCHIVED: tuple(DueKind),
}
"""Dates that leave the due index with a transition; recertification sets them anew."""


def _manifest_if_valid(bundle: Bundle) -> Manifest | None:
    try:
        return bundle.manifest()
    except ManifestError:
        return None


def _described(about: Metadata) -> dict[str, Any]:
    """What an app is called and where it comes from, as its manifest has it."""
    described = {"name": about.name, "description": about.description, "team": about.team}
    return {**described, "template": about.template or ""}


def _packages(bundle: Bundle) -> dict[str, str]:
    from appguard.packages import requirements  # noqa: PLC0415 - few who read the catalog publish

    content = bundle.files.get(requirements.FILE, b"")
    return {pin.name: pin.version for pin in requirements.read(content).pins}


def _due_dates(rules: LifecycleRules, today: date) -> dict[DueKind, date]:
    return {
        DueKind.IDLE: today + timedelta(days=rules.idle_after_days),
        DueKind.RETIRE: today + timedelta(days=round(rules.retire_after_months * DAYS_A_MONTH)),
    }


def bundle_in(s3: "S3Client", bucket: str, digest: BundleDigest) -> Bundle:
    """A stored bundle for whoever may read the bucket and has no catalog; raises `NotFound`."""
    return stored_bundle(s3, bucket, digest)


class CatalogSettings(Settings):
    """Where the catalog is kept."""

    table: str = Field(alias="CATALOG_TABLE")
    bucket: str = Field(alias="ARTIFACTS_BUCKET")


@cache
def catalog() -> Catalog:
    """The deployment's catalog, made on first use."""
    import boto3  # noqa: PLC0415 - clients are made on first use, not at import

    from appguard.audit.outbox import outbox  # noqa: PLC0415

    settings = CatalogSettings.from_env()
    store = CatalogStore(
        boto3.client("dynamodb"), boto3.client("s3"), outbox(), settings.table, settings.bucket
    )
    return Catalog(store)
