"""The manifest of a report: an in-toto statement that names every file with its digest, signed in DSSE."""

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, Literal

import rfc8785
from pydantic import AwareDatetime, Field, ValidationError

from appguard.kernel.errors import AppGuardError
from appguard.provenance import dsse
from appguard.provenance.errors import NotAttested
from appguard.provenance.keys import Keys
from appguard.provenance.model import STATEMENT_TYPE, DigestSet, Part, Subject
from appguard.provenance.signed import opened
from appguard.reports.model import LedgerCheck
from appguard.reports.report import Report

PREDICATE_TYPE: Final = "https://appguard.dev/report/v1"
SIGNED, KEY = "manifest.dsse.json", "report-key.pem"
BESIDE = frozenset({SIGNED, KEY})
"""What lies in a report's folder and is not in its manifest."""


class ReportUnverified(AppGuardError):
    """The files are not what was signed, or nothing was."""

    code = "report_unverified"
    remediation = "Get the report again from the portal, and the key from the key service."


class About(Part):
    """What the manifest says besides digests."""

    report_id: str
    framework: str
    since: AwareDatetime
    until: AwareDatetime
    made_at: AwareDatetime
    entries: int
    controls: dict[str, int]
    ledger: LedgerCheck


class Manifest(Part):
    """The statement as it is signed."""

    type_: Literal["https://in-toto.io/Statement/v1"] = Field(default=STATEMENT_TYPE, alias="_type")
    subject: tuple[Subject, ...] = Field(min_length=1, max_length=200)
    predicate_type: Literal["https://appguard.dev/report/v1"] = PREDICATE_TYPE
    predicate: About


def manifest(report: Report, files: Mapping[str, bytes]) -> bytes:
    """The statement about these files, as canonical JSON."""
    period = report.figures.period
    about = About(
        report_id=report.report_id,
        framework=report.framework,
        since=period.since,
        until=period.until,
        made_at=report.made_at,
        entries=report.figures.entries,
        controls=report.counts,
        ledger=report.figures.ledger,
    )
    subject = tuple(Subject(name=name, digest=_digest(body)) for name, body in sorted(files.items()))
    statement = Manifest(subject=subject, predicate=about)
    return rfc8785.dumps(statement.model_dump(mode="json", by_alias=True, exclude_none=True))


def sealed(payload: bytes, keyid: str, sign: Callable[[bytes], bytes]) -> bytes:
    """The envelope around a manifest."""
    return dsse.seal(payload, keyid, sign(dsse.pae(dsse.PAYLOAD_TYPE, payload)))


def verify(folder: Path, keys: Keys) -> Manifest:
    """The manifest, once it and every file hold; raises `ReportUnverified` naming the first that does not."""
    found = _read(folder, keys)
    named = {one.name for one in found.subject}
    present = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()}
    if missing := sorted(named - present):
        raise ReportUnverified(f"{missing[0]}: missing")
    if added := sorted(present - named - BESIDE):
        raise ReportUnverified(f"{added[0]}: added, the manifest does not name it")
    for one in found.subject:
        if _digest((folder / one.name).read_bytes()) != one.digest:
            raise ReportUnverified(f"{one.name}: altered")
    return found


def _read(folder: Path, keys: Keys) -> Manifest:
    try:
        payload = opened((folder / SIGNED).read_bytes(), keys)
        return Manifest.model_validate(dsse.strict_json(payload))
    except OSError:
        raise ReportUnverified(f"{SIGNED}: missing") from None
    except NotAttested as error:
        raise ReportUnverified(f"{SIGNED}: {error.message}") from None
    except dsse.Unreadable as error:
        raise ReportUnverified(f"{SIGNED}: {error}") from None
    except ValidationError as error:
        raise ReportUnverified(f"{SIGNED}: no manifest of a report: {dsse.places(error)}") from None


def _digest(body: bytes) -> DigestSet:
    return DigestSet(sha256=hashlib.sha256(body).hexdigest())
