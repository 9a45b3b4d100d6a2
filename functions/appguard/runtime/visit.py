"""One signed-in person's request, with everything a page needs to answer it."""

from dataclasses import dataclass
from datetime import date

from pydantic import JsonValue

from appguard.runtime.broker_client import Broker
from appguard.runtime.hooks import Run
from appguard.runtime.session import Cookies, Session
from appguard.runtime.views import Frame
from appguard.runtime.web import Request


@dataclass(frozen=True)
class Visit:
    """Who asks for what, and through which door data comes."""

    request: Request
    session: Session
    frame: Frame
    cookies: Cookies
    broker: Broker
    today: date
    run: Run

    @property
    def words(self) -> dict[str, JsonValue]:
        """What a mapping may know besides field values."""
        person = self.session.person
        return {
            "user": {"id": person.id, "email": person.email, "name": person.name},
            "today": self.today.isoformat(),
        }
