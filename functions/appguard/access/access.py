"""Asking a data owner whether one may use a connector, and answering.

A yes opens nothing by itself: what an app may touch is decided when it is reviewed. It tells the asker
that building with the connector is not in vain, and the reviewer that the data's owner knows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from appguard.access.model import Answered, Asked, request_id
from appguard.access.store import AccessStore
from appguard.apps.catalog import CatalogSettings
from appguard.connectors.model import Connector
from appguard.connectors.registry import registry
from appguard.kernel.actions import Action
from appguard.kernel.clock import Clock, utc_now
from appguard.kernel.errors import Conflict, Forbidden, NotFound
from appguard.kernel.event import Actor, AuditEvent, Resource, Role
from appguard.kernel.ids import ConnectorName
from appguard.kernel.person import Person

LISTED = 100


class OwnQuestion(Forbidden):
    """Nobody answers their own question."""

    code = "own_question"
    remediation = "Another data owner has to answer it."


@dataclass(frozen=True)
class Access:
    """The questions of the platform about its connectors."""

    store: AccessStore
    connectors: Mapping[ConnectorName, Connector]
    clock: Clock = utc_now

    def ask(self, connector: ConnectorName, by: Person, purpose: str) -> Asked:
        """Ask, or ask again after an answer; raises `Conflict` while the question waits."""
        if connector not in self.connectors:
            raise NotFound(f"there is no connector {connector}")
        known = request_id(by.id, connector)
        before = self.store.find(known)
        if isinstance(before, Asked):
            raise Conflict("you have asked already", "Wait for the answer; your home page shows it.")
        asked = Asked(
            request_id=known,
            connector=connector,
            by=by.id,
            by_email=by.email,
            purpose=purpose,
            asked_at=self.clock(),
            version=before.version if before else 0,
        )
        self.store.save(asked, self._event(Action.CONNECTOR_REQUESTED, asked, by.acting_as(Role.REQUESTER)))
        return asked

    def answer(self, request: str, by: Person, words: str, *, yes: bool) -> Answered:
        """Say yes or no, once. Raises `NotFound`, `OwnQuestion`, or `Conflict` if somebody was faster."""
        asked = self.store.find(request)
        if asked is None:
            raise NotFound("there is no such question")
        if asked.by == by.id:
            raise OwnQuestion("you asked this yourself")
        if isinstance(asked, Answered):
            raise Conflict("somebody has answered already")
        shared = asked.model_dump(exclude={"state"})
        answered = Answered.model_validate(
            {
                **shared,
                "state": "yes" if yes else "no",
                "answered_by": by.id,
                "answered_at": self.clock(),
                "words": words,
            }
        )
        actor = by.acting_as(Role.DATA_OWNER)
        self.store.save(answered, self._event(Action.CONNECTOR_ANSWERED, answered, actor))
        return answered

    def of_person(self, person: Person) -> list[Asked | Answered]:
        """What a person asked, the latest first."""
        return self.store.of_person(person.id, LISTED)

    def of(self, person: Person, connector: ConnectorName) -> Asked | Answered | None:
        """What a person asked about a connector."""
        return self.store.find(request_id(person.id, connector))

    def waiting(self) -> list[Asked | Answered]:
        """What waits for an answer, the oldest first."""
        return self.store.waiting(LISTED)

    def _event(self, action: Action, request: Asked | Answered, by: Actor) -> AuditEvent:
        """Facts, never the words people wrote."""
        about = Resource(type="connector", id=request.connector)
        facts = {"request_id": request.request_id, "asked_by": str(request.by), "state": request.state}
        return AuditEvent.of(action, by, about, self.clock()).model_copy(update={"metadata": facts})


@cache
def access() -> Access:
    """The deployment's questions, made on first use."""
    import boto3  # noqa: PLC0415 - clients are made on first use, not at import

    from appguard.audit.outbox import outbox  # noqa: PLC0415

    return Access(
        AccessStore(boto3.client("dynamodb"), outbox(), CatalogSettings.from_env().table), registry()
    )
