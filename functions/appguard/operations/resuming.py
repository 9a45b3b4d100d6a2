"""Letting an app's function run again, after a suspension or a lock."""

from collections.abc import Callable, Collection

from appguard.apps.model import App
from appguard.kernel.errors import Conflict
from appguard.kernel.ids import AppId, EventId
from appguard.operations.errors import ExceptionLapsed
from appguard.provisioning.provisioner import Provisioner

Lapsed = Callable[[AppId], Collection[object]]
"""The exceptions an app still needs and nobody accepts any more."""


def resume(app: App, provisioner: Provisioner, lapsed: Lapsed, verb: str) -> None:
    """Run the version in use. An owner's or an operator's word cannot stand in for a reviewer's.

    Raises `Conflict` where none is in use, `ExceptionLapsed` while one of its exceptions has lapsed.
    """
    if app.publication is None:
        raise Conflict(f"only a published app can be {verb}")
    if lapsed(app.app_id):
        raise ExceptionLapsed("what a reviewer had accepted about this app has expired or was revoked")
    provisioner.resume(app.app_id, app.publication.bundle_digest)


def once(fact: str, app: App) -> EventId:
    """The same for all who saw the app as it was: of two at once, one is recorded."""
    return EventId.of(f"app.{fact}", app.app_id, str(app.version))
