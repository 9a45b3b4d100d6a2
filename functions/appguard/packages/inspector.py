"""Amazon Inspector as a source of advisories: it scans a CycloneDX 1.5 document and answers with another.

https://docs.aws.amazon.com/inspector/latest/user/cyclonedx-namespace.html names its properties.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from appguard.kernel.clock import Clock, utc_now
from appguard.packages.errors import AdvisoriesUnusable
from appguard.packages.model import Answer, Pin, Vulnerability

SCANNER = "amazon:inspector:sbom_scanner"


class Client(Protocol):
    """The part of boto3's `inspector-scan` client that is used."""

    def scan_sbom(self, *, sbom: Any, outputFormat: str) -> dict[str, Any]:  # noqa: N803 - AWS's word
        """Scan a document."""
        ...


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class _Property(_Part):
    name: str
    value: str = ""


class _Component(_Part):
    ref: str = Field(alias="bom-ref")
    properties: tuple[_Property, ...] = ()


class _Named(_Part):
    id: str


class _Affected(_Part):
    ref: str


class _Found(_Part):
    id: str
    references: tuple[_Named, ...] = ()
    affects: tuple[_Affected, ...] = ()
    properties: tuple[_Property, ...] = ()


class _Report(_Part):
    components: tuple[_Component, ...]
    vulnerabilities: tuple[_Found, ...] = ()


class Inspector:
    """Asks Inspector about each set of pins; its knowledge is of now."""

    def __init__(self, client: Client, clock: Clock = utc_now) -> None:
        """Ask through `client`."""
        self._client, self._clock = client, clock

    def ask(self, pins: Sequence[Pin]) -> Answer:
        """What it found; pins it returned with a warning, or not at all, were not looked at."""
        by_ref = {f"pin-{number}": pin for number, pin in enumerate(pins, start=1)}
        answer = self._client.scan_sbom(sbom=_document(by_ref), outputFormat="CYCLONE_DX_1_5")
        try:
            report = _Report.model_validate(answer.get("sbom"))
        except ValidationError:
            raise AdvisoriesUnusable("Amazon Inspector answered in an unexpected form") from None
        found: dict[Pin, list[Vulnerability]] = defaultdict(list)
        for one in report.vulnerabilities:
            for ref in {affected.ref for affected in one.affects}:
                if ref not in by_ref:
                    raise AdvisoriesUnusable("Amazon Inspector speaks of a package nobody asked about")
                found[by_ref[ref]].append(_vulnerability(one, ref))
        looked_at = {c.ref for c in report.components if not _says(c.properties, "warning")}
        return Answer(
            source="Amazon Inspector",
            as_of=self._clock(),
            vulnerabilities={pin: tuple(faults) for pin, faults in found.items()},
            unchecked=tuple(pin for ref, pin in by_ref.items() if ref not in looked_at),
        )


def _document(by_ref: dict[str, Pin]) -> dict[str, Any]:
    components = [
        {"type": "library", "bom-ref": ref, "name": pin.name, "version": pin.version, "purl": pin.purl}
        for ref, pin in by_ref.items()
    ]
    return {"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "components": components}


def _vulnerability(found: _Found, ref: str) -> Vulnerability:
    malicious = _says(found.properties, "is_malicious")
    return Vulnerability(
        id=found.id,
        aliases=tuple(sorted({one.id for one in found.references} - {found.id})),
        fixed=_says(found.properties, f"fixed_version:{ref}"),
        malicious=found.id.startswith("MAL-") or (malicious or "").lower() == "true",
    )


def _says(properties: Sequence[_Property], word: str) -> str | None:
    """What the scanner says under a word of its namespace."""
    return next((one.value for one in properties if one.name == f"{SCANNER}:{word}"), None) or None
