"""Whose work or wish a version is. None of them decides on it, whatever their roles."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from appguard.approvals.errors import SeparationOfDuties, UnknownPusher
from appguard.apps.model import App
from appguard.kernel.person import Person
from appguard.reviews.model import Review

if TYPE_CHECKING:
    from appguard.provenance.sources import Sources


@dataclass(frozen=True)
class Makers:
    """Who asked, who owns the app, and everybody who ever saved a version of it, as they were recorded.

    A push is recorded under the person whose login it was, or else under `<host>/<login>`.
    """

    ids: frozenset[str]
    owner_email: str

    @classmethod
    def of(cls, app: App, review: Review, authors: Collection[str]) -> Self:
        """The makers of the version under review; `authors` are those who saved versions of the app."""
        pushed = {review.source.login} if review.source else set()
        return cls(frozenset({review.requester, app.owner, *authors, *pushed}), app.owner_email)

    def objection(self, by: Person, known: "Sources") -> SeparationOfDuties | None:
        """Why `by` may not decide, or None.

        Whose login it is that nobody has listed cannot be told. Then only people decide whose own login
        at that Git service is listed, for it is another.
        """
        own = {name.casefold() for name in (by.id, *known.logins_of(by.id))}
        owns = by.email.casefold() == self.owner_email.casefold()
        if owns or own & {each.casefold() for each in self.ids}:
            return SeparationOfDuties(
                "you asked for this app, own it or made a version of it, so somebody else must decide"
            )
        for forge in known.forges:
            unlisted = sorted(each for each in self.ids if forge.is_unlisted(each))
            if unlisted and not forge.logins_of(by.id):
                return UnknownPusher(f"nobody has said whose login {unlisted[0]} is; it might be yours")
        return None
