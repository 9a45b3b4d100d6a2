"""What makes two versions work alike, beyond what they may touch: their files, pages and purpose."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Self

from appguard.apps.bundle import MANIFEST, Bundle
from appguard.kernel.record import Record
from appguard.runtime.pages import Page

WORDING = {"title", "help", "success"}
"""Of a page, and of its fields, what is read by people and by nobody else."""


class Behaviour(Record):
    """Fingerprints of everything that computes, asks or decides; wording is left out."""

    files: Mapping[str, str]
    pages: frozenset[str]
    purpose: str
    owner: str

    @classmethod
    def of(cls, bundle: Bundle) -> Self:
        """How `bundle` behaves; raises `ManifestError`."""
        manifest = bundle.manifest()
        return cls(
            files={path: _digest(body) for path, body in bundle.files.items() if path != MANIFEST},
            pages=frozenset(_digest(_workings(page)) for page in manifest.pages),
            purpose=manifest.intent.purpose,
            owner=manifest.metadata.owner,
        )

    def python(self) -> dict[str, str]:
        """The Python among its files."""
        return {path: digest for path, digest in self.files.items() if path.endswith((".py", ".pyi"))}


def _workings(page: Page) -> bytes:
    """A page without its wording: fields with their labels and choices, calls, mappings, columns."""
    kept: dict[str, Any] = page.model_dump(mode="json", exclude=WORDING)
    for field in kept.get("fields", ()):
        del field["help"]
    return json.dumps(kept, sort_keys=True).encode()


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
