"""States, tiers and classes in the words of the people who read the portal."""

from typing import NamedTuple

from appguard.apps.capability_diff import Change
from appguard.apps.editing.controls import KIND_WORDS
from appguard.apps.lifecycle import State
from appguard.apps.pages import Order
from appguard.kernel.actions import Action
from appguard.kernel.event import Result, Role
from appguard.kernel.finding import Severity
from appguard.kernel.levels import DataClass, RiskTier
from appguard.kernel.phrase import Phrase as _
from appguard.secrets.ages import Standing
from appguard.secrets.policy import SecretKind


class Words(NamedTuple):
    """A short label, what it means for the reader, and the tone of its badge."""

    label: str
    meaning: str
    tone: str


STATES: dict[State, Words] = {
    State.DRAFT: Words(_("Draft"), _("Only you see it. Edit it, try it, then submit it for review."), "calm"),
    State.IN_REVIEW: Words(_("In review"), _("Automatic checks run, then a reviewer may be asked."), "info"),
    State.APPROVED: Words(
        _("Being set up"), _("It is approved; its own function and role are being made."), "info"
    ),
    State.ACTIVE: Words(_("In use"), _("Colleagues can open it."), "good"),
    State.SUSPENDED: Words(_("Paused"), _("It does not answer until its owner recertifies it."), "warn"),
    State.RETIRED: Words(_("Retired"), _("It is switched off and its evidence is being archived."), "calm"),
    State.ARCHIVED: Words(
        _("Archived"), _("Its files and evidence are kept; nothing runs any more."), "calm"
    ),
    State.REFUSED: Words(
        _("Changes needed"), _("The last review refused it. Correct what was found and submit again."), "bad"
    ),
    State.QUARANTINED: Words(_("Locked"), _("Security has locked it while it is looked into."), "bad"),
}

TIERS: dict[RiskTier, Words] = {
    RiskTier.LOW: Words(
        _("Low risk"), _("Published as soon as the automatic checks pass; nobody needs to approve."), "good"
    ),
    RiskTier.MEDIUM: Words(
        _("Medium risk"), _("A reviewer looks at it before it goes live, usually within a day."), "warn"
    ),
    RiskTier.HIGH: Words(
        _("High risk"), _("A reviewer looks closely at it before it goes live; expect questions."), "bad"
    ),
}

CLASSES: dict[DataClass, Words] = {
    DataClass.PUBLIC: Words(_("Public"), _("Anybody may know it."), "calm"),
    DataClass.INTERNAL: Words(_("Internal"), _("Everybody in the company may know it."), "calm"),
    DataClass.CONFIDENTIAL: Words(_("Confidential"), _("Only some in the company may know it."), "warn"),
    DataClass.PERSONAL: Words(
        _("Personal"), _("It says something about a person: names, birth dates, absences."), "warn"
    ),
    DataClass.SPECIAL: Words(_("Special"), _("Health, religion, union membership and the like."), "bad"),
}

ORDERS: dict[Order, str] = {
    Order.NAME: _("By name"),
    Order.NEWEST: _("Newest version first"),
    Order.CHANGED: _("Latest change first"),
    Order.ENDING: _("Ending soonest first"),
    Order.RISK: _("Highest risk first"),
}

SEATS: dict[Role, Words] = {
    Role.REVIEWER: Words(_("Reviewer"), _("Says that the purpose justifies what it touches."), "info"),
    Role.DATA_OWNER: Words(_("Data owner"), _("Says that this app may use this data."), "info"),
    Role.SECURITY: Words(_("Security"), _("Says that the risk can be borne."), "info"),
}

GATES: dict[str, str] = {
    "manifest": _("Manifest"),
    "policy": _("Policies"),
    "secrets": _("Secrets"),
    "code": _("Code"),
    "tests": _("Tests"),
    "contracts": _("Connectors"),
    "dependencies": _("Packages"),
    "data": _("Data"),
}
"""The checks by name."""

CHANGES: dict[Change, str] = {
    Change.ADDED: _("New"),
    Change.GREW: _("Wider"),
    Change.SHRANK: _("Narrower"),
    Change.REMOVED: _("Gone"),
}

EXCEPTIONS: dict[str, Words] = {
    "open": Words(_("Open"), _("They hold; the one that ends first stands first."), "calm"),
    "expiring": Words(_("Expiring"), _("They end soon. A reviewer may renew them, with a reason."), "warn"),
    "expired": Words(
        _("Expired"),
        _(
            "Nobody accepts these any more. The apps run on, but cannot be recertified and no new version of"
            " them goes without a reviewer."
        ),
        "bad",
    ),
    "revoked": Words(
        _("Taken back"), _("Security took these back; a new version needs a new decision."), "bad"
    ),
}

SEVERITIES: dict[Severity, Words] = {
    Severity.BLOCK: Words(_("Must be fixed"), _("The app is refused as long as this stands."), "bad"),
    Severity.APPROVE: Words(_("Needs approval"), _("A reviewer must accept this by name."), "warn"),
    Severity.WARN: Words(_("Worth a look"), _("It does not hold the app up."), "info"),
    Severity.HINT: Words(_("Tip"), _("It does not hold the app up."), "calm"),
}

SECRETS: dict[SecretKind, str] = {
    SecretKind.SESSION_KEY: _("Seals an app's session cookies"),
    SecretKind.DATABASE_LOGIN: _("An app's login to a database"),
    SecretKind.ADMINISTRATOR: _("Makes those logins"),
}

STANDINGS: dict[Standing, Words] = {
    Standing.LATE: Words(_("late"), _("Older than the policy allows; an alarm says so."), "bad"),
    Standing.DUE: Words(_("due"), _("Replaced at the next hourly run."), "info"),
    Standing.FRESH: Words(_("fresh"), _("Nothing to do."), "good"),
}

RESULTS: dict[Result, Words] = {
    Result.SUCCESS: Words(_("Done"), _("It was allowed and happened."), "good"),
    Result.DENIED: Words(_("Denied"), _("Somebody tried and was not allowed to."), "bad"),
    Result.FAILURE: Words(_("Failed"), _("It was allowed, and something broke."), "warn"),
}

OUTCOMES: dict[str, Words] = {
    "running": Words(_("In review"), _("The checks run."), "info"),
    "waiting": Words(_("Waits for a reviewer"), _("A person is asked."), "warn"),
    "approved": Words(_("Approved"), _("It is being set up."), "info"),
    "refused": Words(_("Refused"), _("By the checks or by a reviewer."), "bad"),
    "expired": Words(_("Not decided in time"), _("Submit it again."), "warn"),
    "failed": Words(_("Failed"), _("A step of ours did not work; submit it again."), "warn"),
    "published": Words(_("Published"), _("It passed, and came into use."), "good"),
}
"""What came of a version that was submitted, by the state of its review."""

STATIONS = (_("Draft"), _("Review"), _("Set-up"), _("In use"), _("Retired"))
"""The line an app travels; every page shows where it is."""

STATION_OF: dict[State, int] = {
    State.DRAFT: 0,
    State.IN_REVIEW: 1,
    State.REFUSED: 1,
    State.APPROVED: 2,
    State.ACTIVE: 3,
    State.SUSPENDED: 3,
    State.QUARANTINED: 3,
    State.RETIRED: 4,
    State.ARCHIVED: 4,
}

STAGES: dict[str, Words] = {
    "submitted": Words(_("Submitted"), _("We have your version."), "calm"),
    "classified": Words(
        _("Risk worked out"), _("From what it touches, not only from what was said."), "calm"
    ),
    "checked": Words(_("Checks"), _("Manifest, policies, secrets, code, packages, tests, data."), "calm"),
    "judged": Words(_("Decision"), _("By the checks alone, or by people from medium risk on."), "calm"),
    "provisioned": Words(_("Set-up"), _("Its own function, its own role, its own secret."), "calm"),
    "tested": Words(_("First call"), _("We open it once before anybody else does."), "calm"),
    "published": Words(_("Published"), _("In the catalog, with owner and end date."), "calm"),
}
"""The stages of a review by name."""

NOTES = {
    Action.APP_SUSPENDED: _("Paused"),
    Action.APP_RECERTIFIED: _("Recertified"),
    Action.APP_RETIRED: _("Retired"),
    Action.APP_OFFERED: _("Offered to a new owner"),
    Action.APP_QUARANTINED: _("Locked"),
    Action.APP_RELEASED: _("Released"),
}

ACCESSES = {
    Action.DATA_READ: _("Read"),
    Action.DATA_WRITE: _("Changed"),
    Action.DATA_EXPORTED: _("Taken away as a file"),
}

OPTIONS: dict[tuple[str, str], str] = {
    ("users", "team"): _("My team"),
    ("users", "employees"): _("All employees"),
    ("users", "partners"): _("Partners"),
    ("users", "public"): _("Anybody"),
    ("criticality", "low"): _("We can wait some days"),
    ("criticality", "medium"): _("We can wait some hours"),
    ("criticality", "high"): _("Work stops"),
    **{("data_class", each.value): about.label for each, about in CLASSES.items()},
    **{("type", kind): about for kind, about in KIND_WORDS.items()},
}


def option(word: str, key: str) -> str:
    """What people read in place of a word of the manifest: themselves where they chose it."""
    return OPTIONS.get((key, word), word)
