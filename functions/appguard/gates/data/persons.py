"""Persons written out: tables with several personal columns, and dates of birth named as such."""

import re
from collections.abc import Iterator

from appguard.gates.cells import Row
from appguard.privacy.identifiers import Hit

LEAST_ROWS = 3
_HEADS = {
    "name": re.compile(
        r"(?i)^(?:(?:full|first|last|given|family|middle|sur|employee|person|vor|nach)?[ _-]?name"
        r"|surname|employee|nom|pr[ée]nom|apellidos?|nombre)$"
    ),
    "birth": re.compile(r"(?i)birth|^dob$|geburt|naissance|nacimiento|geboorte|^born(?: on)?$"),
    "address": re.compile(r"(?i)^(?:(?:home|postal) )?(?:address|adresse|street|post ?code|zip(?: code)?)$"),
    "reach": re.compile(r"(?i)e-?mail|phone|mobile|telefon|^tel$"),
    "money": re.compile(r"(?i)^(?:salary|wage|iban|bank[ _-]?account|gehalt|salaire|pay)$"),
    "health": re.compile(r"(?i)diagnos|health|illness|disab|blood|religio"),
    "number": re.compile(r"(?i)^(?:ssn|nhs|nino|national[ _-]?id|tax[ _-]?id|passport|social security)"),
}
_NAME = re.compile(r"^[^\W\d_][\w'.-]+(?:,? [^\W\d_][\w'.-]*){1,3}$")
_DATE = re.compile(r"^(?:\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./]\d{2,4})$")
_BIRTH = re.compile(
    r"(?i)(?<![a-z])(?:birth[ _-]?(?:date|day)|date[ _-]of[ _-]birth|dob|born(?: on)?|geburtsdatum"
    r"|geboren(?: am)?|née? le)[^\d\n]{0,10}"
    r"(\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./](?:19|20)\d\d)(?!\d)"
)


def birth_dates(text: str) -> Iterator[Hit]:
    """Dates that the words before them call a date of birth."""
    for match in _BIRTH.finditer(text):
        yield Hit("date of birth", match.start(), match.end(), match[1])


def holds_persons(rows: list[Row]) -> bool:
    """Whether a sheet lists persons: by two personal headings, or by names beside dates in most rows."""
    filled = [[cell.strip() for cell in row] for row in rows if any(map(str.strip, row))]
    if len(filled) <= LEAST_ROWS:
        return False
    kinds = {kind for cell in filled[0] for kind, heading in _HEADS.items() if heading.search(cell)}
    if len(kinds) > 1 and kinds & {"name", "birth", "number", "health"}:
        return True
    telling = sum(any(map(_NAME.match, row)) and any(map(_DATE.match, row)) for row in filled)
    return telling > max(LEAST_ROWS, len(filled) // 2) and "name" in kinds
