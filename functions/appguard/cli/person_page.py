"""How the answer to a data-subject request is printed."""

import csv
import io
from collections.abc import Iterator
from enum import StrEnum

from appguard.connectors.exports.cells import safe_cell
from appguard.privacy.model import Answer, Sighting


class Form(StrEnum):
    """For people, for programs, for a spreadsheet."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"


UNKNOWN = (
    "Nobody of this name is known: the person was never seen, or was forgotten. "
    "Nothing in the ledger can be linked to them."
)
REACH = (
    "Each line is what an app received for its user, or changed; whether the user looked at it is not known. "
    "A query whose file names no subjects counts everybody its rows name as their user's own. "
    "What the person did themselves stands in the ledger under their own id as actor."
)


def shown(subject: str, answer: Answer, form: Form) -> str:
    """The answer in one of the forms; a key that came with it is never printed."""
    if form is Form.JSON:
        return answer.model_dump_json(indent=1, exclude={"key"})
    if form is Form.CSV:
        return _table(answer)
    return "\n".join(_lines(subject, answer))


def _lines(subject: str, answer: Answer) -> Iterator[str]:
    if answer.known_since is None:
        yield f"{subject}: {UNKNOWN}"
        return
    yield f"{subject}: {len(answer.sightings)} accesses; known since {answer.known_since:%Y-%m-%d}"
    for each in answer.sightings:
        place = f"{each.log}/{each.index}" if each.log else "not sealed yet"
        app = f"{each.app_id}@{each.bundle_digest.hex[:12]}" if each.bundle_digest else str(each.app_id)
        what = f"{each.connector}/{each.operation}"
        rows = f"{each.rows} rows" + (", in doubt" if each.doubted else "")
        moment = each.at.isoformat(timespec="seconds")
        words = (
            moment,
            each.action,
            what,
            app,
            each.actor,
            "+".join(each.classes),
            rows,
            each.event_id,
            place,
        )
        yield "  ".join(words)
        if each.purpose:
            yield f"    for: {each.purpose}"
    if answer.held:
        yield f"under legal hold: {answer.held}"
    yield REACH


def _table(answer: Answer) -> str:
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(Sighting.model_fields)
    for each in answer.sightings:
        cells = each.model_dump(mode="json") | {"classes": " ".join(each.classes)}
        writer.writerow([safe_cell(cell) for cell in cells.values()])
    return out.getvalue().rstrip("\n")
