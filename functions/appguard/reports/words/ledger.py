"""The ledger itself, retention, drift, and what the report cannot say."""

from appguard.reports.document import Row, Section, Table
from appguard.reports.model import Figures
from appguard.reports.words.dates import moment


def ledger(figures: Figures) -> Section:
    """What the verifier said, and how long what is kept."""
    found = figures.ledger
    verdict = (
        f"The ledger does not verify: {found.bad}. All figures of this report are in doubt."
        if found.bad
        else "Every log verifies: its entries give the roots that were signed, nothing is missing, altered or"
        " added, and every object is locked in compliance mode for the years its log is named after."
    )
    return Section(
        title="Ledger and retention",
        prose=(verdict,),
        tables=(
            Table(
                name="ledger",
                title="Logs",
                heads=("Log", "Kept for", "Entries", "Checkpoints", "Root"),
                rows=tuple(
                    Row(cells=(log.log, _years(log.log), log.entries, log.checkpoints, log.root))
                    for log in found.logs
                ),
            ),
        ),
    )


def _years(log: str) -> str:
    years = log.removesuffix("y")
    return f"{years} year{'' if years == '1' else 's'}"


DRIFT = Section(
    title="Drift",
    prose=(
        "Not measured. Whether what runs in the account is what was approved is not compared; controls that"
        " would rest on it say so.",
    ),
)


def limits(figures: Figures) -> tuple[str, ...]:
    """What no reader should believe this report says."""
    return (
        f"Computed from the {figures.entries:,} entries of the ledger dated before"
        f" {moment(figures.period.until)} UTC, and from nothing else. An event that reaches the ledger late"
        " is in reports made after that, under its own date.",
        "The rules, the catalogue of controls and the ages secrets may have are those in force when the"
        " report was made, not those of its period.",
        "Names and e-mail addresses of people, names of apps and the words of justifications are not in the"
        " ledger, hence not here. Classes of data are missing for releases recorded without them.",
        "What was verified is the ledger as of the making of this report, this period's entries among them.",
        "Who administers the AWS account, physical security, people's training and suppliers are outside.",
    )
