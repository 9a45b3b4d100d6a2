"""What the figures prove or refute, each statement once; `policies/controls.yaml` says for which controls."""

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from enum import StrEnum

from appguard.kernel.record import Record
from appguard.reports.figures.inventory import RUNNING
from appguard.reports.model import AppLine, ExceptionState, Figures

FAULT_DAYS = 30
"""How long a known fault of a package may stay in a running app."""


class State(StrEnum):
    """How a statement stands. Without anything to look at it is never said to hold."""

    FAILED = "failed"
    PASSED = "passed"
    NOT_EVIDENCED = "not evidenced"


class Outcome(Record):
    """A statement held against the figures: what was looked at, and what does not fit it."""

    check: str
    title: str
    state: State
    looked_at: int
    what: str
    offenders: tuple[str, ...] = ()
    note: str = ""


class Measured(Record):
    """What a check found, before it is judged."""

    what: str
    looked_at: int
    offenders: tuple[str, ...] = ()
    note: str = ""


def _measured(
    what: str, looked_at: Iterable[object], offenders: Iterable[object], note: str = ""
) -> Measured:
    return Measured(
        what=what, looked_at=len(list(looked_at)), offenders=tuple(sorted(map(str, offenders))), note=note
    )


def _ledger(f: Figures) -> Measured:
    bad = (f.ledger.bad,) if f.ledger.bad else ()
    return Measured(
        what="entries", looked_at=sum(log.entries for log in f.ledger.logs) or len(bad), offenders=bad
    )


def _retention(f: Figures) -> Measured:
    """The verifier names the first object that does not hold; whether others are locked is then unknown."""
    if f.ledger.bad and "lock" not in f.ledger.bad.lower():
        return Measured(what="logs", looked_at=0, note="the ledger does not verify")
    bad = (f.ledger.bad,) if f.ledger.bad else ()
    return Measured(what="logs", looked_at=len(f.ledger.logs) or len(bad), offenders=bad)


def _separation(f: Figures) -> Measured:
    return _measured(
        "decisions", f.decisions, (f"{d.app_id} ({d.event_id})" for d in f.decisions if not d.separated)
    )


def _approved(f: Figures) -> Measured:
    above = [one for one in f.releases if one.tier != "low"]
    return _measured(
        "releases above low risk", above, (f"{r.app_id} ({r.event_id})" for r in above if not r.approved)
    )


def _gated(f: Figures) -> Measured:
    return _measured(
        "releases", f.releases, (f"{r.app_id} ({r.event_id})" for r in f.releases if not r.checked)
    )


def _attested(f: Figures) -> Measured:
    return _measured(
        "releases", f.releases, (f"{r.app_id} ({r.event_id})" for r in f.releases if not r.attested)
    )


def _running(f: Figures) -> list[AppLine]:
    return [app for app in f.apps if app.state in RUNNING]


def _inventoried(f: Figures) -> Measured:
    running = _running(f)
    return _measured(
        "running apps", running, (a.app_id for a in running if not (a.owner and a.team and a.tier))
    )


def _retiring(f: Figures) -> Measured:
    running, today = _running(f), f.period.until.date()
    return _measured(
        "running apps", running, (a.app_id for a in running if a.retire_on is None or a.retire_on < today)
    )


def _classified(f: Figures) -> Measured:
    known = [app for app in _running(f) if app.classes is not None]
    unknown = len(_running(f)) - len(known)
    note = f"of {unknown} running apps the ledger holds no classes" if unknown else ""
    return _measured("running apps", known, (), note)


def _faults(f: Figures) -> Measured:
    running, limit = _running(f), f.period.until - timedelta(days=FAULT_DAYS)
    if not f.advisories_synced:
        return Measured(what="running apps", looked_at=0, note="no advisories were fetched in the period")
    return _measured(
        "running apps", running, (a.app_id for a in running if a.faulty_since and a.faulty_since < limit)
    )


def _exceptions(f: Figures) -> Measured:
    now = f.period.until
    wrong = (
        one.exception_id
        for one in f.exceptions
        if not one.approved_by
        or one.approved_by == one.owner
        or (one.state is ExceptionState.OPEN and one.expires_at < now - timedelta(days=1))
    )
    return _measured("exceptions", f.exceptions, wrong)


def _attributed(f: Figures) -> Measured:
    return Measured(what="accesses", looked_at=f.access_totals.accesses, offenders=f.access_totals.nameless)


def _exports(f: Figures) -> Measured:
    return Measured(
        what="files of personal data",
        looked_at=f.access_totals.exports_to_accept,
        offenders=f.access_totals.exports_unaccepted,
    )


def _refusals(f: Figures) -> Measured:
    return _measured("refusals", f.refusals, (one.event_id for one in f.refusals if not one.actor))


def _secrets(f: Figures) -> Measured:
    return _measured("secrets", f.secrets, (f"{s.name} ({s.days} days)" for s in f.secrets if s.late))


def _policies(f: Figures) -> Measured:
    alone = (one.event_id for one in f.policies if not one.proposed_by or one.proposed_by == one.published_by)
    return _measured("policy changes", f.policies, alone)


def _sign_ins(f: Figures) -> Measured:
    return Measured(what="sign-ins", looked_at=f.sign_ins)


def _deployments(f: Figures) -> Measured:
    return Measured(what="deployments", looked_at=f.deployments)


def _drift(_: Figures) -> Measured:
    return Measured(what="resources", looked_at=0, note="drift between catalog and account is not measured")


CHECKS: Mapping[str, tuple[str, Callable[[Figures], Measured]]] = {
    "ledger-verified": ("The ledger verifies: nothing is missing, altered or added", _ledger),
    "retention-held": ("Every object of the ledger is locked for as long as its class demands", _retention),
    "separation-of-duties": ("Nobody approved what they had asked for", _separation),
    "releases-approved": ("Another person approved each release above low risk", _approved),
    "releases-gated": ("Each release was judged by all gates", _gated),
    "releases-attested": ("Each release carries a signed statement of how it came about", _attested),
    "apps-inventoried": ("Each running app has an owner, a team and a risk tier", _inventoried),
    "apps-retiring": ("Each running app has a retirement date that has not passed", _retiring),
    "data-classified": ("The classes of data each running app touches are known", _classified),
    "faults-mended": (f"No running app keeps a known fault for more than {FAULT_DAYS} days", _faults),
    "exceptions-bounded": ("Each exception was accepted by another person and ends in time", _exceptions),
    "access-attributed": ("Each access to data names a verified person", _attributed),
    "exports-accepted": ("Each file of personal data rests on an exception", _exports),
    "refusals-recorded": ("Refused actions are recorded with who tried", _refusals),
    "secrets-rotated": ("No secret is older than its policy lets pass", _secrets),
    "policies-by-two": ("Policies came into force by two persons", _policies),
    "sign-ins-recorded": ("Sign-ins of persons are recorded", _sign_ins),
    "deployments-recorded": ("Deployments of the platform itself are recorded", _deployments),
    "drift-measured": ("What runs is what was approved", _drift),
}


def outcomes(figures: Figures) -> dict[str, Outcome]:
    """Every statement held against the figures, by its name."""
    return {name: _judged(name, title, check(figures)) for name, (title, check) in CHECKS.items()}


def _judged(name: str, title: str, found: Measured) -> Outcome:
    unharmed = State.PASSED if found.looked_at else State.NOT_EVIDENCED
    state = State.FAILED if found.offenders else unharmed
    return Outcome(check=name, title=title, state=state, **found.model_dump())
