"""Where personal data must not go: places that many people read and nobody masks or deletes."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum

from appguard.kernel.finding import Finding, Severity


@dataclass(frozen=True)
class _About:
    rule: str
    where: str
    remedy: str


class Place(Enum):
    """A wrong place for personal data, with the words for it."""

    LOG = _About("personal-data-in-logs", "the log", "Log a request number or a count instead.")
    ERROR = _About(
        "personal-data-in-errors",
        "an error text",
        "Say what is wrong with the entry, not what the entry was.",
    )
    FILE_NAME = _About(
        "personal-data-in-file-names", "a file name", "Name the file by a request number or a date."
    )
    MAIL = _About(
        "personal-data-in-mail", "an e-mail", "Send a link to the app's page; it asks who is reading."
    )
    URL = _About(
        "personal-data-in-urls", "an address", "Put a request number there; addresses are logged everywhere."
    )


def misplaced(place: Place, names: Collection[str], path: str, line: int) -> Finding:
    """The finding: a person decides, because a name is evidence and not proof."""
    about: _About = place.value
    return Finding(
        gate="data",
        rule=about.rule,
        severity=Severity.APPROVE,
        message=f"Personal data ({', '.join(sorted(names))}) would end up in {about.where}.",
        remediation=about.remedy,
        path=path,
        line=line,
        controls=("GDPR-Art.5", "ISO27001-A.8.12"),
    )
