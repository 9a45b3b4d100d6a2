"""Looking again at apps in use when more is known about packages: a review sees what was known that day."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from appguard.approvals.exceptions.model import ExceptionRecord, Open, identity_of
from appguard.apps.catalog import Catalog
from appguard.apps.lifecycle import State
from appguard.apps.model import App, KnownFault, Publication
from appguard.gates.dependencies.findings import vulnerable
from appguard.kernel.clock import Clock, utc_now
from appguard.kernel.errors import AppGuardError
from appguard.kernel.event import Actor
from appguard.kernel.ids import AppId
from appguard.operations.errors import AppsLeft
from appguard.packages.model import AdvisorySource, Answer, Pin, Vulnerability

logger = logging.getLogger(__name__)
SYSTEM = Actor.system("operations")


@dataclass(frozen=True)
class Recheck:
    """Puts what is known today beside the packages of every active app, which stand in its record.

    One query finds the apps, each package is looked up once, and only an app about which something
    changed is written. Nothing is switched off: owner and reviewers are told, and decide.
    """

    apps: Catalog
    advisories: AdvisorySource
    exceptions: Callable[[AppId], Iterable[ExceptionRecord]]
    clock: Clock = utc_now

    def run(self) -> list[AppId]:
        """The apps about which there is news. Raises `AppsLeft` once all others are done."""
        from botocore.exceptions import ClientError  # noqa: PLC0415 - the SDK is loaded on first use

        using = [(app, app.publication) for app in self.apps.in_state(State.ACTIVE) if app.publication]
        pins = sorted({pin for _, publication in using for pin in _pins(publication)}, key=str)
        if not pins or (answer := self.advisories.ask(pins)) is None:
            return []
        told, left = [], []
        for app, publication in using:
            try:
                if self._news_of(app, publication, answer):
                    told.append(app.app_id)
            except (AppGuardError, ClientError):  # one's trouble keeps no other from its turn
                logger.exception("left for another try", extra={"app_id": app.app_id})
                left.append(app.app_id)
        if left:
            raise AppsLeft(f"{len(left)} apps could not be looked at, {left[0]} among them")
        return told

    def _news_of(self, app: App, publication: Publication, answer: Answer) -> bool:
        found = [(pin, one) for pin in _pins(publication) for one in answer.vulnerabilities.get(pin, ())]
        accepted = self._accepted(app.app_id) if found else frozenset()
        faults = tuple(
            self._fault(pin, one, publication)
            for pin, one in found
            if not accepted or _identity(pin, one) not in accepted
        )
        return faults != publication.faults and self.apps.know_faults(app, faults, SYSTEM)

    def _accepted(self, app_id: AppId) -> frozenset[str]:
        """What a reviewer has accepted and would be found again in these very words."""
        now = self.clock()
        held = (one for one in self.exceptions(app_id) if isinstance(one, Open) and one.holds(now))
        return frozenset(one.about.identity for one in held)

    def _fault(self, pin: Pin, known: Vulnerability, publication: Publication) -> KnownFault:
        fault = KnownFault(
            package=pin.name,
            version=pin.version,
            advisory=known.id,
            aliases=known.aliases,
            fixed=known.fixed,
            malicious=known.malicious,
            since=self.clock(),
        )
        before = next((old.since for old in publication.faults if old.is_same_as(fault)), fault.since)
        return fault.model_copy(update={"since": before})


def _pins(publication: Publication) -> list[Pin]:
    return [Pin(name, version) for name, version in sorted(publication.packages.items())]


def _identity(pin: Pin, known: Vulnerability) -> str:
    finding = vulnerable(pin, known)
    return identity_of(finding.gate, finding.rule, finding.message)
