"""An app as lists show it: small, so that ten thousand fit into the memory of whoever searches them."""

from datetime import date
from functools import cached_property
from typing import Self

from pydantic import AwareDatetime

from appguard.apps.lifecycle import State
from appguard.apps.model import App
from appguard.kernel.ids import AppId, ConnectorName, PersonId
from appguard.kernel.levels import DataClass, RiskTier
from appguard.kernel.record import Record

ABOUT = 200
"""Characters of a description that a list shows and a search looks through."""


class Card(Record):
    """What is searched, counted and listed of an app; tier, classes and connectors are those in use."""

    app_id: AppId
    name: str
    about: str
    team: str
    owner: PersonId
    owner_email: str
    state: State
    version: int
    changed: AwareDatetime
    template: str = ""
    tier: RiskTier | None = None
    classes: tuple[DataClass, ...] = ()
    connectors: tuple[ConnectorName, ...] = ()
    published: AwareDatetime | None = None
    retires: date | None = None
    orphaned: bool = False

    @classmethod
    def of(cls, app: App, changed: AwareDatetime) -> Self:
        """The card of `app` as it is since `changed`."""
        in_use = app.publication
        return cls(
            app_id=app.app_id,
            name=app.name,
            about=app.description[:ABOUT],
            team=app.team,
            owner=app.owner,
            owner_email=app.owner_email,
            state=app.state,
            version=app.version,
            changed=changed,
            template=app.template,
            tier=in_use.risk.tier if in_use else None,
            classes=in_use.risk.classes if in_use else (),
            connectors=tuple(sorted(in_use.grants.connectors)) if in_use else (),
            published=in_use.published_at if in_use else None,
            retires=in_use.retire_on if in_use else None,
            orphaned=app.orphaned_at is not None,
        )

    @cached_property
    def words(self) -> str:
        """What a search for words looks through."""
        return f"{self.name}\n{self.app_id}\n{self.about}\n{self.team}\n{self.owner_email}".casefold()
