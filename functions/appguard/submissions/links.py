"""Linking an app to a folder of a repository, and taking that back."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from pydantic import ValidationError

from appguard.apps.catalog import CatalogSettings
from appguard.kernel.actions import Action
from appguard.kernel.clock import Clock, utc_now
from appguard.kernel.errors import Invalid
from appguard.kernel.event import Actor, AuditEvent, Resource
from appguard.kernel.ids import AppId, PersonId
from appguard.provenance.sources import Sources, sources
from appguard.submissions.model import Link
from appguard.submissions.store import LinkStore


@dataclass(frozen=True)
class Links:
    """The links of the platform. That only an app's owner makes them is for the caller to see to."""

    store: LinkStore
    believed: Callable[[], Sources]
    clock: Clock = utc_now

    def of(self, app_id: AppId) -> Link | None:
        """From where an app may be submitted, if from anywhere but the portal."""
        return self.store.find(app_id)

    def link(self, app_id: AppId, repository: str, folder: str, by: Actor) -> Link:
        """Let the CI of this repository submit this folder as the app; raises `Invalid`."""
        try:
            link = Link(
                app_id=app_id,
                repository=repository,
                folder=folder,
                linked_by=PersonId(by.id),
                linked_at=self.clock(),
            )
        except ValidationError as error:
            raise _unreadable(error) from None
        known = [forge.address for forge in self.believed().forges]
        if not any(link.repository.casefold().startswith(f"{address}/".casefold()) for address in known):
            raise Invalid(
                f"{link.repository} is at no Git service that may submit here",
                f"Name a repository below {' or '.join(known) or 'one, once the platform team allows any'}.",
            )
        self.store.save(link, self._event(Action.APP_LINKED, link, by))
        return link

    def unlink(self, app_id: AppId, by: Actor) -> None:
        """Only the portal submits from now on; without a link nothing changes."""
        if link := self.of(app_id):
            self.store.remove(app_id, self._event(Action.APP_UNLINKED, link, by))

    def _event(self, action: Action, link: Link, by: Actor) -> AuditEvent:
        return AuditEvent.of(
            action,
            by,
            Resource(type="app", id=link.app_id),
            self.clock(),
            app_id=link.app_id,
            repository=link.repository,
            folder=link.folder,
        )


def _unreadable(error: ValidationError) -> Invalid:
    if any("folder" in problem["loc"] for problem in error.errors()):
        return Invalid("This is no folder of a repository", "Write it as seen from the top, e.g. apps/leave.")
    return Invalid(
        "This is no address of a repository", "Write it as in the browser, e.g. https://github.com/org/repo."
    )


@cache
def links() -> Links:
    """The deployment's links, made on first use."""
    import boto3  # noqa: PLC0415 - clients are made on first use, not at import

    from appguard.audit.outbox import outbox  # noqa: PLC0415

    store = LinkStore(boto3.client("dynamodb"), outbox(), CatalogSettings.from_env().table)
    return Links(store, sources)
