"""The bill of materials of a bundle: SPDX 2.3, from the pins in requirements.txt and the files themselves.

`docs/decisions/0005-dependencies.md` says why this is not left to a scanner.
"""

import hashlib
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid5

from appguard.apps.bundle import Bundle
from appguard.apps.yaml_source import ManifestError
from appguard.kernel.clock import Clock, utc_now
from appguard.packages.model import Pin

NAMESPACE = UUID("6f8c3c1e-53a8-5a0d-9d6a-6a5ef1f0f0b1")
NOBODY_SAID = "NOASSERTION"
REQUESTERS = "the company's requesters"
INDEX = "Python Package Index"
"""The supplier, which SPDX 2.3 (7.5) defines as the actual distribution source of a package."""


def pins(bundle: Bundle) -> tuple[Pin, ...]:
    """The pins of a bundle in order of name; lines at fault refuse the bundle and are no part of it."""
    # Every gate's function can make a bill, and few do.
    from appguard.packages.requirements import FILE, read  # noqa: PLC0415

    read_pins = read(bundle.files.get(FILE, b"")).pins
    return tuple(pin for _, pin in sorted({(pin.name, pin.version): pin for pin in read_pins}.items()))


def sbom(bundle: Bundle, clock: Clock = utc_now) -> dict[str, Any]:
    """An SPDX 2.3 document with NTIA's minimum elements; the same bundle differs in `created` alone."""
    name = app_name(bundle)
    packages = [_app(bundle, name), *_dependencies(bundle)]
    return {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": name,
        "documentNamespace": f"https://appguard.dev/spdx/{uuid5(NAMESPACE, bundle.digest)}",
        "creationInfo": {"created": clock().strftime("%Y-%m-%dT%H:%M:%SZ"), "creators": ["Tool: appguard"]},
        "packages": packages,
        "files": list(_files(bundle)),
        "relationships": list(_relationships(packages, bundle)),
    }


def app_name(bundle: Bundle) -> str:
    """The app's id, or that its manifest says none."""
    try:
        return bundle.manifest().metadata.id
    except ManifestError:
        return "unreadable"


def _app(bundle: Bundle, name: str) -> dict[str, Any]:
    return {
        "SPDXID": "SPDXRef-app",
        "name": name,
        "versionInfo": bundle.digest,
        "supplier": f"Organization: {REQUESTERS}",
        "downloadLocation": NOBODY_SAID,
        "filesAnalyzed": True,
        "packageVerificationCode": {"packageVerificationCodeValue": _verification_code(bundle)},
        "checksums": [{"algorithm": "SHA256", "checksumValue": bundle.digest.hex}],
        "primaryPackagePurpose": "APPLICATION",
    }


def _verification_code(bundle: Bundle) -> str:
    """SPDX 2.3 (7.9): the SHA-1 over the sorted SHA-1s of all files. What binds the bill is the digest."""
    return _sha1("".join(sorted(map(_sha1, bundle.files.values()))).encode())


def _sha1(content: bytes) -> str:
    return hashlib.sha1(content, usedforsecurity=False).hexdigest()


def _dependencies(bundle: Bundle) -> Iterator[dict[str, Any]]:
    for number, pin in enumerate(pins(bundle), start=1):
        package: dict[str, Any] = {
            "SPDXID": f"SPDXRef-pypi-{number}",
            "name": pin.name,
            "versionInfo": pin.version,
            "supplier": f"Organization: {INDEX}",
            "downloadLocation": f"https://pypi.org/project/{pin.name}/{pin.version}/",
            "filesAnalyzed": False,
            "primaryPackagePurpose": "LIBRARY",
            "externalRefs": [
                {
                    "referenceCategory": "PACKAGE-MANAGER",
                    "referenceType": "purl",
                    "referenceLocator": pin.purl,
                }
            ],
        }
        if pin.hashes:
            package["checksums"] = [
                {"algorithm": kind.upper(), "checksumValue": digest} for kind, digest in pin.digests
            ]
        yield package


def _files(bundle: Bundle) -> Iterator[dict[str, Any]]:
    for number, (path, content) in enumerate(bundle.files.items(), start=1):
        yield {
            "SPDXID": f"SPDXRef-file-{number}",
            "fileName": f"./{path}",
            "checksums": [
                {"algorithm": "SHA1", "checksumValue": _sha1(content)},
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
