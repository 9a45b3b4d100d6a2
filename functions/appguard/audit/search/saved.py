"""The questions auditors ask most."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from appguard.audit.search import standing
from appguard.audit.search.fact import Fact
from appguard.audit.search.filters import Filters
from appguard.audit.search.standing import Latest, Standing
from appguard.kernel.event import Result
from appguard.kernel.levels import DataClass
from appguard.kernel.phrase import Phrase as _
from appguard.secrets.policy import secret_policy


class SavedName(StrEnum):
    """What a saved query is called in addresses and commands."""

    APPROVALS = "approvals"
    EXCEPTIONS_OPEN = "exceptions-open"
    EXCEPTIONS_EXPIRED = "exceptions-expired"
    SPECIAL_DATA = "special-data"
    APPS_UNOWNED = "apps-unowned"
    SECRETS_LATE = "secrets-late"
    DENIED = "denied"


ANYTHING = Filters()


@dataclass(frozen=True)
class Saved:
    """A question: what happened, by `filters`; or how things stand, when `standing` says so."""

    title: str
    about: str
    filters: Filters = ANYTHING
    standing: Standing | None = None


def _late(latest: Latest, now: datetime) -> list[Fact]:
    return standing.secrets_late(latest, now, secret_policy())


SAVED: Mapping[SavedName, Saved] = {
    SavedName.APPROVALS: Saved(
        _("Who approved what"),
        _("Every decision on a version, every exception granted, every policy put in force."),
        Filters(action=("approval.decided", "exception.granted", "policy.published")),
    ),
    SavedName.EXCEPTIONS_OPEN: Saved(
        _("Exceptions that hold"),
        _("The entry that granted each; the one that ends first stands first."),
        standing=standing.exceptions_open,
    ),
    SavedName.EXCEPTIONS_EXPIRED: Saved(
        _("Exceptions that expired"),
        _("Nobody accepts these any more, and nobody granted them anew."),
        standing=standing.exceptions_expired,
    ),
    SavedName.SPECIAL_DATA: Saved(
        _("Access to special data"),
        _("Health, religion and the like: read, changed, exported, or refused."),
        Filters(action=("data.",), data_class=DataClass.SPECIAL),
    ),
    SavedName.APPS_UNOWNED: Saved(
        _("Apps without an owner"),
        _("Apps in use whose owner left no entry of their own for 90 days. On paper every app has an owner."),
        standing=standing.apps_unowned,
    ),
    SavedName.SECRETS_LATE: Saved(
        _("Secrets older than policy"),
        _("The last replacement of each secret that is older than policies/secrets.yaml allows."),
        standing=_late,
    ),
    SavedName.DENIED: Saved(
        _("Denied actions"),
        _("Whatever somebody tried and was not allowed to do."),
        Filters(result=Result.DENIED),
    ),
}
