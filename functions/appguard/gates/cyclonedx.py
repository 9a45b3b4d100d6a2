"""The same bill of materials as CycloneDX 1.5, the form vulnerability scanners take."""

from typing import Any
from uuid import uuid5

from appguard.apps.bundle import Bundle
from appguard.gates.sbom import INDEX, NAMESPACE, REQUESTERS, app_name, pins
from appguard.kernel.clock import Clock, utc_now
from appguard.packages.model import Pin

APP = "app"
_HASHES = {"sha256": "SHA-256", "sha384": "SHA-384", "sha512": "SHA-512"}


def cyclonedx(bundle: Bundle, clock: Clock = utc_now) -> dict[str, Any]:
    """A CycloneDX document of the app and its pins; the same bundle differs in `timestamp` alone."""
    wanted = pins(bundle)
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.5.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{uuid5(NAMESPACE, bundle.digest)}",
        "version": 1,
        "metadata": {
            "timestamp": clock().strftime("%Y-%m-%dT%H:%M:%SZ"),
            "tools": {"components": [{"type": "application", "name": "appguard"}]},
            "component": {
                "type": "application",
                "bom-ref": APP,
                "name": app_name(bundle),
                "version": bundle.digest,
                "supplier": {"name": REQUESTERS},
                "hashes": [{"alg": "SHA-256", "content": bundle.digest.hex}],
            },
        },
        "components": [_component(pin) for pin in wanted],
        "dependencies": [
            {"ref": APP, "dependsOn": sorted({pin.purl for pin in wanted})},
            *({"ref": pin.purl} for pin in wanted),
        ],
    }


def _component(pin: Pin) -> dict[str, Any]:
    component: dict[str, Any] = {
        "type": "library",
        "bom-ref": pin.purl,
        "name": pin.name,
        "version": pin.version,
        "purl": pin.purl,
        "supplier": {"name": INDEX},
    }
    if pin.hashes:
        component["hashes"] = [{"alg": _HASHES[kind], "content": digest} for kind, digest in pin.digests]
    return component
