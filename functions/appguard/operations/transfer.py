"""Handing an app over: its owner offers it, the new owner accepts; nobody is given an app unasked."""

from collections.abc import Callable
from dataclasses import dataclass

from appguard.apps.catalog import Catalog
from appguard.apps.lifecycle import State
from appguard.apps.model import App, Offer
from appguard.kernel.errors import Conflict, Invalid
from appguard.kernel.event import Role
from appguard.kernel.ids import AppId
from appguard.kernel.person import Person
from appguard.operations.access import must_answer_for
from appguard.operations.errors import MayNotOwn, NotOffered

OVER = frozenset({State.RETIRED, State.ARCHIVED})
UNDER_REVIEW = frozenset({State.IN_REVIEW, State.APPROVED})


@dataclass(frozen=True)
class Transfer:
    """Offers, accepts, declines. From then on the new owner is the one who may not decide on the app.

    `under_way` says whether a review of the app has not ended, `vouched` whether a person approved what
    is in use or accepted something about it that still holds.
    """

    apps: Catalog
    under_way: Callable[[AppId], bool]
    vouched: Callable[[App, Person], bool]

    def offer(self, app_id: AppId, to: str, by: Person, role: Role, words: str) -> Offer:
        """The owner, or the platform team for one who has left, offers the app to an address."""
        app = self.apps.get(app_id)
        must_answer_for(app, by.acting_as(role))
        if app.state in OVER:
            raise Conflict("an app that has ended has no use for a new owner")
        if to.casefold() == app.owner_email.casefold():
            raise Invalid(f"{app.owner_email} owns the app already", "Name somebody else.")
        return self.apps.offer(app, to, by, role, words)

    def withdraw(self, app_id: AppId, by: Person, role: Role) -> None:
        """Whoever could have offered it takes the offer back."""
        app = self.apps.get(app_id)
        must_answer_for(app, by.acting_as(role))
        if self.apps.offer_of(app_id):
            self.apps.end_offer(app, by.acting_as(role), "withdrawn")

    def offered(self, app_id: AppId, to: Person) -> tuple[App, Offer]:
        """The app and its offer to this person; raises `NotOffered`.

        The app is read first: an offer that ends after that makes its version an old one.
        """
        app = self.apps.get(app_id)
        offer = self.apps.offer_of(app_id)
        if offer is None or offer.to.casefold() != to.email.casefold():
            raise NotOffered("this app was not offered to you")
        return app, offer

    def decline(self, app_id: AppId, by: Person) -> None:
        """Everything stays as it is."""
        app, _ = self.offered(app_id, by)
        self.apps.end_offer(app, by.acting_as(Role.REQUESTER), "declined")

    def accept(self, app_id: AppId, by: Person) -> App:
        """The person owns the app, unless they vouched for it as a reviewer.

        Not while a review is under way: its reviewers were chosen for the owner there was.
        """
        app, _ = self.offered(app_id, by)
        if app.state in UNDER_REVIEW or self.under_way(app_id):
            raise Conflict("a review of the app is under way", "Accept once it has ended.")
        if self.vouched(app, by):
            raise MayNotOwn("you approved the version in use, or accepted a risk of it")
        return self.apps.hand_over(app, by)
