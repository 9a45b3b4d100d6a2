"""Linking an app to a repository whose CI may submit it, taking that back, and what the page says of it."""

from dataclasses import dataclass

from appguard.apps.model import App
from appguard.kernel.event import Role
from appguard.portal.apps import own
from appguard.portal.http import Reply, Request, redirect
from appguard.submissions.model import Link


@dataclass(frozen=True)
class FromGit:
    """From where the app may be submitted besides the portal, and what is said about that place."""

    link: Link | None
    addresses: tuple[str, ...]
    """Of the Git services that may submit here."""
    protected_refs: tuple[str, ...]
    """From which personal data may come."""


def link(request: Request) -> Reply:
    """The owner lets the CI of a repository submit the app."""
    from appguard.submissions.links import links  # noqa: PLC0415 - not every page asks

    app = own(request)
    repository, folder = request.field("repository", 500), request.field("folder", 200)
    links().link(app.app_id, repository, folder, request.acting_as(Role.REQUESTER))
    return redirect(f"/my/{app.app_id}")


def unlink(request: Request) -> Reply:
    """The owner takes that back."""
    from appguard.submissions.links import links  # noqa: PLC0415 - likewise

    app = own(request)
    links().unlink(app.app_id, request.acting_as(Role.REQUESTER))
    return redirect(f"/my/{app.app_id}")


def from_git(app: App) -> FromGit:
    """What the app's page says about submitting from Git."""
    from appguard.provenance.sources import sources  # noqa: PLC0415 - likewise
    from appguard.submissions.links import links  # noqa: PLC0415

    link = links().of(app.app_id)
    return FromGit(
        link=link,
        addresses=tuple(forge.address for forge in sources().forges),
        protected_refs=sources().protected_refs(link.repository) if link else (),
    )
