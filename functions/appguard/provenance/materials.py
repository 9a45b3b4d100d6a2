"""What went into a bundle's approval: its template, its connectors, the policies, its packages."""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from appguard.apps.manifest import Manifest
from appguard.apps.templates import templates
from appguard.provenance.model import CommitSet, DigestSet, GitSource, Resource

HERE = "https://appguard.dev"


def materials(
    manifest: Manifest, policies: Path, judged_by: Sequence[str], bill: dict[str, Any]
) -> Iterator[Resource]:
    """Everything the bundle rests on; `judged_by` are digests of policies, `bill` is its SPDX document."""
    if manifest.metadata.template:
        yield _template(manifest.metadata.template, policies / "templates")
    for use in manifest.connectors:
        text = (policies / "connectors" / f"{use.name}.yaml").read_bytes()
        yield Resource(name="connector", uri=f"{HERE}/connectors/{use.name}", digest=sha256(text))
    for digest in judged_by:
        hexed = DigestSet(sha256=digest.removeprefix("sha256:"))
        yield Resource(name="policy", uri=f"{HERE}/policies", digest=hexed)
    yield from _packages(bill)


def commit(source: GitSource | None) -> Iterator[Resource]:
    """The commit a bundle was taken from, for what came from Git."""
    if source:
        at = f"git+{source.repository}@{source.ref}"
        yield Resource(name="source", uri=at, digest=CommitSet(git_commit=source.commit))


def sha256(content: bytes) -> DigestSet:
    """The digest of some bytes."""
    return DigestSet(sha256=hashlib.sha256(content).hexdigest())


def _template(reference: str, folder: Path) -> Resource:
    """The template the app started from, with its digest while we have it in that very version."""
    known = templates().get(reference.partition("@")[0])
    digest = _of_folder(folder / known.name) if known and known.reference == reference else None
    return Resource(name="template", uri=f"{HERE}/templates/{reference}", digest=digest)


def _of_folder(folder: Path) -> DigestSet:
    """SHA-256 over what `sha256sum` would print for its files in order of path."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    lines = (f"{sha256(path.read_bytes()).sha256}  {path.relative_to(folder).as_posix()}\n" for path in files)
    return sha256("".join(lines).encode())


def _packages(bill: dict[str, Any]) -> Iterator[Resource]:
    """The packages of the bill by purl: one resource for each hash that is accepted, or one without."""
    for package in bill["packages"]:
        for reference in package.get("externalRefs", ()):
            if reference["referenceType"] != "purl":
                continue
            hashes = [c["checksumValue"] for c in package.get("checksums", ()) if c["algorithm"] == "SHA256"]
            digests: list[DigestSet | None] = [DigestSet(sha256=value.lower()) for value in hashes]
            for digest in digests or [None]:
                yield Resource(name=package["name"], uri=reference["referenceLocator"], digest=digest)
