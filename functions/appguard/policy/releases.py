"""Which policies are in force, and the way from a candidate to them."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import gettempdir
from typing import NoReturn

from pydantic import Field, TypeAdapter, ValidationError

from appguard.kernel.actions import Action
from appguard.kernel.clock import Clock, utc_now
from appguard.kernel.errors import AppGuardError, Invalid, StaleVersion
from appguard.kernel.event import Actor, AuditEvent, Resource, Result, RetentionClass
from appguard.kernel.files import policies_dir
from appguard.kernel.person import Person
from appguard.kernel.settings import Settings
from appguard.policy.archive import pack, unpack
from appguard.policy.candidate import (
    AlreadyProposed,
    Candidate,
    NothingProposed,
    PolicyDigest,
    Published,
    SamePerson,
)
from appguard.policy.files import digest as digest_of
from appguard.policy.store import PolicyStore

_DIGEST: TypeAdapter[str] = TypeAdapter(PolicyDigest)


class Releases:
    """Each change is one transaction with its audit event."""

    def __init__(self, store: PolicyStore, deployed: Path, scratch: Path, clock: Clock = utc_now) -> None:
        """Keep policies in `store`, fall back to those `deployed`, unpack below `scratch`."""
        self._store, self._deployed, self._scratch, self._clock = store, deployed, scratch, clock
        self._checked: dict[str, Path] = {}

    def in_force(self) -> Path:
        """The folder of the policies that decide now; raises rather than fall back when they are damaged."""
        published = self._store.published()
        return self.folder(published.digest) if published else self._deployed

    def folder(self, digest: str) -> Path:
        """The policies of this digest, checked; raises `Invalid`, `NotFound` or `PolicyUnusable`."""
        try:
            name = _DIGEST.validate_python(digest).removeprefix("sha256:")
        except ValidationError:
            raise Invalid("that is not the digest of a policy bundle") from None
        if digest not in self._checked:
            into = self._scratch / name
            packed = b"" if into.is_dir() else self._store.archive(digest)
            self._checked[digest] = unpack(packed, digest, self._deployed, into)
        return self._checked[digest]

    def stage(self, folder: Path) -> str:
        """Keep the policies below `folder` so that somebody can propose them; their digest."""
        packed = pack(folder)
        digest = digest_of(folder)
        self._store.put_archive(digest, packed)
        return digest

    def candidate(self) -> Candidate | None:
        """What waits for a second person."""
        return self._store.candidate()

    def published(self) -> Published | None:
        """What was published, None where the deployed policies decide."""
        return self._store.published()

    def propose(self, digest: str, counts: Mapping[str, int], by: Person, acting: Actor) -> Candidate:
        """Ask a second person; raises `AlreadyProposed`, or what `folder` raises."""
        self.folder(digest)
        candidate = Candidate(
            digest=digest,
            base=digest_of(self.in_force()),
            proposed_by=by.id,
            proposer_email=by.email,
            proposed_at=self._clock(),
            counts=dict(counts),
        )
        try:
            self._store.propose(candidate, self._event(Action.POLICY_PROPOSED, candidate, acting))
        except StaleVersion:
            raise AlreadyProposed("another candidate waits for a second person") from None
        return candidate

    def publish(self, digest: str, by: Person, acting: Actor) -> Published:
        """Bring the candidate into force; raises `SamePerson` or `NothingProposed`."""
        candidate = self._waiting(digest)
        if candidate.proposed_by == by.id or candidate.proposer_email.casefold() == by.email.casefold():
            self._deny(candidate, acting, SamePerson("you proposed these policies yourself"))
        if candidate.base != digest_of(self.in_force()):
            raise NothingProposed("other policies came into force since; withdraw this and propose it again")
        self.folder(digest)
        published = Published(candidate=candidate, published_by=by.id, published_at=self._clock())
        try:
            self._store.publish(published, self._event(Action.POLICY_PUBLISHED, candidate, acting))
        except StaleVersion:
            raise NothingProposed("the candidate was withdrawn or published meanwhile") from None
        return published

    def withdraw(self, digest: str, acting: Actor) -> None:
        """Drop the candidate; whoever may propose may do so. Raises `NothingProposed`."""
        candidate = self._waiting(digest)
        try:
            self._store.withdraw(candidate, self._event(Action.POLICY_WITHDRAWN, candidate, acting))
        except StaleVersion:
            raise NothingProposed("the candidate was withdrawn or published meanwhile") from None

    def _waiting(self, digest: str) -> Candidate:
        candidate = self._store.candidate()
        if candidate is None or candidate.digest != digest:
            raise NothingProposed("these policies do not wait for a second person")
        return candidate

    def _deny(self, candidate: Candidate, acting: Actor, problem: AppGuardError) -> NoReturn:
        self._store.refuse_access(
            self._event(Action.POLICY_PUBLISHED, candidate, acting, Result.DENIED, problem.code)
        )
        problem.recorded = True
        raise problem

    def _event(
        self,
        action: Action,
        candidate: Candidate,
        by: Actor,
        result: Result = Result.SUCCESS,
        code: str = "",
    ) -> AuditEvent:
        return AuditEvent.of(
            action,
            by,
            Resource(type="policy", id=candidate.digest),
            self._clock(),
            result=result,
            retention_class=RetentionClass.SEVEN_YEARS,
            base=candidate.base,
            proposed_by=str(candidate.proposed_by),
            impact=dict(candidate.counts),
            code=code,
        )


class PolicySettings(Settings):
    """Where policies are kept."""

    table: str = Field(alias="CATALOG_TABLE")
    bucket: str = Field(alias="ARTIFACTS_BUCKET")


@cache
def releases() -> Releases:
    """The releases of this deployment, its clients made on first use."""
    import boto3  # noqa: PLC0415 - clients are made on first use, not at import

    from appguard.audit.outbox import outbox  # noqa: PLC0415 - likewise

    settings = PolicySettings.from_env()
    store = PolicyStore(
        boto3.client("dynamodb"), boto3.client("s3"), outbox(), settings.table, settings.bucket
    )
    return Releases(store, policies_dir(), Path(gettempdir(), "appguard-policies"))
