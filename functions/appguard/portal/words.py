"""States, tiers and classes in the words of the people who read the portal."""

from typing import NamedTuple

from appguard.apps.capability_diff import Change
from appguard.apps.editing.controls import KIND_WORDS
from appguard.apps.lifecycle import State
from appguard.kernel.actions import Action
from appguard.kernel.event import Result
from appguard.kernel.finding import Severity
from appguard.kernel.levels import DataClass, RiskTier
from appguard.secrets.ages import Standing
from appguard.secrets.policy import SecretKind


class Words(NamedTuple):
    """A short label, what it means for the reader, and the tone of its badge."""

    label: str
    meaning: str
    tone: str


STATES: dict[State, Words] = {
    State.DRAFT: Words("Draft", "Only you see it. Edit it, try it, then submit it for review.", "calm"),
    State.IN_REVIEW: Words("In review", "Automatic checks run, then a reviewer may be asked.", "info"),
    State.APPROVED: Words(
        "Being set up", "It is approved; its own function and role are being made.", "info"
    ),
    State.ACTIVE: Words("In use", "Colleagues can open it.", "good"),
    State.SUSPENDED: Words("Paused", "It does not answer until its owner recertifies it.", "warn"),
    State.RETIRED: Words("Retired", "It is switched off and its evidence is being archived.", "calm"),
    State.ARCHIVED: Words("Archived", "Its files and evidence are kept; nothing runs any more.", "calm"),
    State.REFUSED: Words(
        "Changes needed", "The last review refused it. Correct what was found and submit again.", "bad"
    ),
    State.QUARANTINED: Words("Locked", "Security has locked it while it is looked into.", "bad"),
}

TIERS: dict[RiskTier, Words] = {
    RiskTier.LOW: Words(
        "Low risk", "Published as soon as the automatic checks pass; nobody needs to approve.", "good"
    ),
    RiskTier.MEDIUM: Words(
        "Medium risk", "A reviewer looks at it before it goes live, usually within a day.", "warn"
    ),
    RiskTier.HIGH: Words(
        "High risk", "A reviewer looks closely at it before it goes live; expect questions.", "bad"
    ),
}

CLASSES: dict[DataClass, Words] = {
    DataClass.PUBLIC: Words("Public", "Anybody may know it.", "calm"),
    DataClass.INTERNAL: Words("Internal", "Everybody in the company may know it.", "calm"),
    DataClass.CONFIDENTIAL: Words("Confidential", "Only some in the company may know it.", "warn"),
    DataClass.PERSONAL: Words(
        "Personal", "It says something about a person: names, birth dates, absences.", "warn"
    ),
    DataClass.SPECIAL: Words("Special", "Health, religion, union membership and the like.", "bad"),
}

CHANGES: dict[Change, str] = {
    Change.ADDED: "New",
    Change.GREW: "Wider",
    Change.SHRANK: "Narrower",
    Change.REMOVED: "Gone",
}

EXCEPTIONS: dict[str, Words] = {
    "open": Words("Open", "They hold; the one that ends first stands first.", "calm"),
    "expiring": Words("Expiring", "They end soon. A reviewer may renew them, with a reason.", "warn"),
    "expired": Words(
        "Expired",
        "Nobody accepts these any more. The apps run on, but cannot be recertified and no new version of"
        " them goes without a reviewer.",
        "bad",
    ),
    "revoked": Words("Taken back", "Security took these back; a new version needs a new decision.", "bad"),
}

SEVERITIES: dict[Severity, Words] = {
    Severity.BLOCK: Words("Must be fixed", "The app is refused as long as this stands.", "bad"),
    Severity.APPROVE: Words("Needs approval", "A reviewer must accept this by name.", "warn"),
    Severity.WARN: Words("Worth a look", "It does not hold the app up.", "info"),
    Severity.HINT: Words("Tip", "It does not hold the app up.", "calm"),
}

SECRETS: dict[SecretKind, str] = {
    SecretKind.SESSION_KEY: "Seals an app's session cookies",
    SecretKind.DATABASE_LOGIN: "An app's login to a database",
    SecretKind.ADMINISTRATOR: "Makes those logins",
}

STANDINGS: dict[Standing, Words] = {
    Standing.LATE: Words("late", "Older than the policy allows; an alarm says so.", "bad"),
    Standing.DUE: Words("due", "Replaced at the next hourly run.", "info"),
    Standing.FRESH: Words("fresh", "Nothing to do.", "good"),
}

RESULTS: dict[Result, Words] = {
    Result.SUCCESS: Words("Done", "It was allowed and happened.", "good"),
    Result.DENIED: Words("Denied", "Somebody tried and was not allowed to.", "bad"),
    Result.FAILURE: Words("Failed", "It was allowed, and something broke.", "warn"),
}

OUTCOMES: dict[str, Words] = {
    "running": Words("In review", "The checks run.", "info"),
    "waiting": Words("Waits for a reviewer", "A person is asked.", "warn"),
    "approved": Words("Approved", "It is being set up.", "info"),
    "refused": Words("Refused", "By the checks or by a reviewer.", "bad"),
    "expired": Words("Not decided in time", "Submit it again.", "warn"),
    "failed": Words("Failed", "A step of ours did not work; submit it again.", "warn"),
    "published": Words("Published", "It passed, and came into use.", "good"),
}
"""What came of a version that was submitted, by the state of its review."""

STATIONS = ("Draft", "Review", "Set-up", "In use", "Retired")
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
    "submitted": Words("Submitted", "We have your version.", "calm"),
    "classified": Words("Risk worked out", "From what it touches, not only from what was said.", "calm"),
    "checked": Words("Checks", "Manifest, policies, secrets, code, packages, tests, data.", "calm"),
    "judged": Words("Decision", "By the checks alone, or by a reviewer from medium risk on.", "calm"),
    "provisioned": Words("Set-up", "Its own function, its own role, its own secret.", "calm"),
    "tested": Words("First call", "We open it once before anybody else does.", "calm"),
    "published": Words("Published", "In the catalog, with owner and end date.", "calm"),
}
"""The stages of a review by name."""

ACCESSES = {
    Action.DATA_READ: "Read",
    Action.DATA_WRITE: "Changed",
    Action.DATA_EXPORTED: "Taken away as a file",
}

OPTIONS: dict[tuple[str, str], str] = {
    ("users", "team"): "My team",
    ("users", "employees"): "All employees",
    ("users", "partners"): "Partners",
    ("users", "public"): "Anybody",
    ("criticality", "low"): "We can wait some days",
    ("criticality", "medium"): "We can wait some hours",
    ("criticality", "high"): "Work stops",
    **{("data_class", each.value): about.label for each, about in CLASSES.items()},
    **{("type", kind): about for kind, about in KIND_WORDS.items()},
}


def said(option: str, key: str) -> str:
    """What people read in place of a word of the manifest: themselves where they chose it."""
    return OPTIONS.get((key, option), option)
