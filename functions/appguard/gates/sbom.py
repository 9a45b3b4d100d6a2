"""The bill of materials of a bundle: SPDX 2.3, from the pins in requirements.txt and the files themselves."""

import hashlib
import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid5

from appguard.apps.bundle import Bundle
from appguard.apps.yaml_source import ManifestError
from appguard.kernel.clock import Clock, utc_now

REQUIREMENTS = "requirements.txt"
_PIN = re.compile(
    r"([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)(?:\[[^\]]*\])?\s*==\s*([A-Za-z0-9.!+_-]+)(?=\s*(?:;|--|$))"
)
_NAMESPACE = UUID("6f8c3c1e-53a8-5a0d-9d6a-6a5ef1f0f0b1")
NOBODY_SAID = "NOASSERTION"


def pins(requirements: str) -> list[tuple[str, str]]:
    """Name and version of every exactly pinned requirement."""
    lines = (line.split("#")[0].strip() for line in requirements.splitlines())
    return sorted(match.groups() for line in lines if (match := _PIN.match(line)))  # type: ignore[misc]


def sbom(bundle: Bundle, clock: Clock = utc_now) -> dict[str, Any]:
    """An SPDX 2.3 document with NTIA's minimum elements; the same bundle differs in `created` alone."""
    name = _name(bundle)
    packages = [_app(bundle, name), *_dependencies(bundle)]
    return {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": name,
        "documentNamespace": f"https://appguard.dev/spdx/{uuid5(_NAMESPACE, bundle.digest)}",
        "creationInfo": {"created": clock().strftime("%Y-%m-%dT%H:%M:%SZ"), "creators": ["Tool: appguard"]},
        "packages": packages,
        "files": list(_files(bundle)),
        "relationships": list(_relationships(packages, bundle)),
    }


def _name(bundle: Bundle) -> str:
    try:
        return bundle.manifest().metadata.id
    except ManifestError:
        return "unreadable"


def _app(bundle: Bundle, name: str) -> dict[str, Any]:
    return {
        "SPDXID": "SPDXRef-app",
        "name": name,
        "versionInfo": bundle.digest,
        "supplier": "Organization: the company's requesters",
        "downloadLocation": NOBODY_SAID,
        "filesAnalyzed": False,
        "checksums": [{"algorithm": "SHA256", "checksumValue": bundle.digest.hex}],
        "primaryPackagePurpose": "APPLICATION",
    }


def _dependencies(bundle: Bundle) -> Iterator[dict[str, Any]]:
    text = bundle.files.get(REQUIREMENTS, b"").decode(errors="replace")
    for number, (name, version) in enumerate(pins(text), start=1):
        yield {
            "SPDXID": f"SPDXRef-pypi-{number}",
            "name": name,
            "versionInfo": version,
            "supplier": NOBODY_SAID,
            "downloadLocation": f"https://pypi.org/project/{name}/{version}/",
            "filesAnalyzed": False,
            "externalRefs": [
                {
                    "referenceCategory": "PACKAGE-MANAGER",
                    "referenceType": "purl",
                    "referenceLocator": f"pkg:pypi/{re.sub(r'[-_.]+', '-', name).lower()}@{version}",
                }
            ],
        }


def _files(bundle: Bundle) -> Iterator[dict[str, Any]]:
    for number, (path, content) in enumerate(bundle.files.items(), start=1):
        yield {
            "SPDXID": f"SPDXRef-file-{number}",
            "fileName": f"./{path}",
            "checksums": [
                {
                    "algorithm": "SHA1",
                    "checksumValue": hashlib.sha1(content, usedforsecurity=False).hexdigest(),
                },
                {"algorithm": "SHA256", "checksumValue": hashlib.sha256(content).hexdigest()},
            ],
        }


def _relationships(packages: list[dict[str, Any]], bundle: Bundle) -> Iterator[dict[str, str]]:
    yield _related("SPDXRef-DOCUMENT", "DESCRIBES", "SPDXRef-app")
    for package in packages[1:]:
        yield _related("SPDXRef-app", "DEPENDS_ON", package["SPDXID"])
    for number in range(1, len(bundle.files) + 1):
        yield _related("SPDXRef-app", "CONTAINS", f"SPDXRef-file-{number}")


def _related(element: str, how: str, other: str) -> dict[str, str]:
    return {"spdxElementId": element, "relationshipType": how, "relatedSpdxElement": other}
