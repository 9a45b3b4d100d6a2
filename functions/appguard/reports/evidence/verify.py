"""Whether an evidence pack holds: offline, from the archive and two public keys."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from appguard.apps.bundle import Bundle
from appguard.apps.bundle_rules import BundleError
from appguard.audit.verify import Bad, Key, verify_proof
from appguard.kernel.actions import Action
from appguard.kernel.errors import AppGuardError
from appguard.kernel.record import Record
from appguard.kernel.strict_json import parse
from appguard.provenance.documents import ATTESTATION_FILE, BILL_FILE, BUNDLE_FILE
from appguard.provenance.keys import Keys
from appguard.provenance.model import Resource, Statement
from appguard.provenance.verify import Expected
from appguard.provenance.verify import verify as verify_attestation
from appguard.reports.evidence.pack import ENTRIES, FINDINGS, KNOWN, EvidenceUnverified


class Held(Record):
    """What a pack that holds is about."""

    app_id: str
    bundle_digest: str
    requester: str
    decided_by: str
    entries: int
    findings: int
    """How many gates left their findings."""


def verify(parts: Mapping[str, bytes], ledger: Sequence[Key], builder: Keys) -> Held:
    """What the pack proves; raises `EvidenceUnverified` naming the first part that does not hold."""
    for name in sorted(parts):
        if name not in KNOWN and not name.startswith(FINDINGS):
            raise EvidenceUnverified(f"{name}: added, no part of an evidence pack")
    bundle, statement = _version(parts, builder)
    gates = _byproducts(parts, statement)
    events = list(_entries(_part(parts, ENTRIES), ledger, statement.app_id))
    _recorded(events, _part(parts, ATTESTATION_FILE))
    found = statement.predicate.build_definition.internal_parameters
    return Held(
        app_id=statement.app_id,
        bundle_digest=bundle.digest,
        requester=statement.predicate.build_definition.external_parameters.requester,
        decided_by=found.decided_by
        or (f"rests on {found.rests_on}" if found.rests_on else "nobody had to be asked"),
        entries=len(events),
        findings=gates,
    )


def _part(parts: Mapping[str, bytes], name: str) -> bytes:
    if name not in parts:
        raise EvidenceUnverified(f"{name}: missing")
    return parts[name]


def _version(parts: Mapping[str, bytes], builder: Keys) -> tuple[Bundle, Statement]:
    """The bundle, and the signed statement about this very bundle."""
    try:
        bundle = Bundle.from_zip(_part(parts, BUNDLE_FILE))
        about = Expected(bundle.manifest().metadata.id, bundle.digest)
    except BundleError as error:
        raise EvidenceUnverified(f"{BUNDLE_FILE}: {error.message}") from error
    envelope = _part(parts, ATTESTATION_FILE)
    try:
        return bundle, verify_attestation(envelope, builder, about)
    except AppGuardError as error:
        raise EvidenceUnverified(f"{ATTESTATION_FILE}: {error.message}") from error


def _byproducts(parts: Mapping[str, bytes], statement: Statement) -> int:
    """Every part the statement names is here and as named, and no findings but those."""
    named = {_name_of(one): one for one in statement.predicate.run_details.byproducts}
    for name, resource in sorted(named.items()):
        digest = hashlib.sha256(_part(parts, name)).hexdigest()
        if resource.digest is None or digest != getattr(resource.digest, "sha256", None):
            raise EvidenceUnverified(f"{name}: differs from what the attestation names")
    if strangers := sorted(name for name in parts if name.startswith(FINDINGS) and name not in named):
        raise EvidenceUnverified(f"{strangers[0]}: added, the attestation does not name it")
    return sum(name.startswith(FINDINGS) for name in named)


def _name_of(resource: Resource) -> str:
    name = resource.name or ""
    return BILL_FILE if name == "sbom" else f"{FINDINGS}{name.removeprefix('gate/')}.json"


def _entries(body: bytes, keys: Sequence[Key], app_id: str) -> Iterator[dict[str, Any]]:
    """The events whose inclusion is proven, each about the app and at a place of its own."""
    places: set[tuple[str, int]] = set()
    for number, line in enumerate(body.splitlines(), start=1):
        where = f"{ENTRIES}, line {number}"
        try:
            proof = parse(line)
            event = verify_proof(proof, keys)
            place = str(proof["checkpoint"]).partition("\n")[0], int(proof["index"])
        except Bad as bad:
            raise EvidenceUnverified(f"{where}: {bad}") from bad
        except (ValueError, KeyError, TypeError) as error:
            raise EvidenceUnverified(f"{where}: not a proof") from error
        if event.get("app_id") != app_id:
            raise EvidenceUnverified(f"{where}: about {event.get('app_id')!r:.60}, not {app_id}")
        if place in places:
            raise EvidenceUnverified(f"{where}: stands there twice")
        places.add(place)
        yield event


def _recorded(events: Sequence[dict[str, Any]], envelope: bytes) -> None:
    """The ledger has the entry that says this very attestation was signed."""
    digest = hashlib.sha256(envelope).hexdigest()
    if not any(
        one.get("action") == Action.BUNDLE_ATTESTED and one.get("metadata", {}).get("attestation") == digest
        for one in events
    ):
        raise EvidenceUnverified(f"{ATTESTATION_FILE}: no entry of the ledger says it was signed")
