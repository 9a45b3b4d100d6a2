"""Take a bundle from a repository's CI: as if the app's owner had saved it in the portal and submitted it."""

from dataclasses import dataclass
from functools import cache

from appguard.apps.bundle import Bundle
from appguard.apps.catalog import Catalog, catalog
from appguard.apps.lifecycle import Trigger
from appguard.apps.model import App
from appguard.kernel.actions import Action
from appguard.kernel.clock import Clock, utc_now
from appguard.kernel.event import Actor, AuditEvent, Resource, Role
from appguard.kernel.ids import AppId, EventId
from appguard.provenance.sources import sources
from appguard.reviews.errors import AnotherReviewOpen
from appguard.reviews.model import Review
from appguard.reviews.reviews import Reviews, reviews
from appguard.submissions.errors import NotLinked, TokenUsed
from appguard.submissions.identity import Runs
from appguard.submissions.links import Links, links
from appguard.submissions.model import Vouched
from appguard.submissions.settings import SubmissionSettings


@dataclass(frozen=True)
class Submissions:
    """What a run of a CI may do here: hand in a version of the app its repository is linked to."""

    runs: Runs
    links: Links
    apps: Catalog
    reviews: Reviews
    clock: Clock = utc_now

    def receive(self, token: str, app_id: AppId, folder: str, archive: bytes) -> Review:
        """The review of the bundle in `archive`; the same bundle twice is one review.

        Nothing of the archive is read before the token holds and the owner's link covers its repository.
        The requester is the person the CI's login belongs to, or else the owner, who made the link:
        neither decides on it.
        """
        run = self.runs.vouched(token).within(folder)
        self._linked(app_id, run)
        bundle = Bundle.from_zip(archive)
        app = self.apps.get(app_id)
        changes = app.draft != bundle.digest
        if changes:
            self._may_change(app)
        self._once(app_id, bundle, run)
        if changes:
            self.apps.save_draft(app_id, bundle, run.actor)
        requester = Actor(id=run.person or app.owner, role=Role.REQUESTER)
        return self.reviews.submit(app_id, bundle.digest, requester, run.source)

    def _linked(self, app_id: AppId, run: Vouched) -> None:
        """Anybody can get a token of a public Git service: all are answered alike, whatever exists here."""
        link = self.links.of(app_id)
        if link is None or not link.covers(run.source):
            raise NotLinked(
                f"{app_id} is not linked to the folder {run.source.folder} of {run.source.repository}"
            )

    def _may_change(self, app: App) -> None:
        """A push replaces no draft whose review goes on, nor that of an app that has ended."""
        if self.reviews.open_of(app.app_id):
            raise AnotherReviewOpen(
                f"another version of {app.app_id} is being reviewed",
                "Wait for that review to end, then run this job again.",
            )
        app.advanced(Trigger.SUBMITTED)

    def _once(self, app_id: AppId, bundle: Bundle, run: Vouched) -> None:
        """Record who hands in what from where; a token does so once."""
        received = AuditEvent.of(
            Action.SUBMISSION_RECEIVED,
            run.actor,
            Resource(type="app", id=app_id),
            self.clock(),
            event_id=EventId.of(Action.SUBMISSION_RECEIVED, run.issuer, run.token_id),
            app_id=app_id,
            bundle_digest=bundle.digest,
            issuer=run.issuer,
            source=run.source.model_dump(mode="json"),
        )
        if not self.links.store.first(received):
            raise TokenUsed("the token of this run was used before")


@cache
def submissions() -> Submissions:
    """The deployment's, made on first use; tokens are made for the portal's address."""
    audience = SubmissionSettings.from_env().portal
    return Submissions(Runs(sources, audience), links(), catalog(), reviews())
