"""Templates: secure starting points under `policies/templates/<name>/`."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from string import Template as Placeholders

from pydantic import Field

from appguard.apps.bundle import MANIFEST, Bundle
from appguard.apps.manifest import Audience, Intent, Metadata
from appguard.apps.yaml_source import ManifestError, load
from appguard.kernel.errors import NotFound
from appguard.kernel.files import policies_dir
from appguard.kernel.levels import DataClass
from appguard.runtime.pages import Label, Part, Text

DESCRIPTION = "template.yaml"


class AppTemplate(Part):
    """What `template.yaml` says: when to start from here."""

    name: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    version: int = Field(ge=1)
    title: Label
    description: Text
    suits: tuple[str, ...] = ()
    users: Audience
    data_class: DataClass

    @property
    def reference(self) -> str:
        """Name and version as manifests cite it."""
        return f"{self.name}@{self.version}"


@cache
def templates() -> Mapping[str, AppTemplate]:
    """All templates of this deployment by name."""
    folder = policies_dir() / "templates"
    found = (
        AppTemplate.model_validate(load(path.read_bytes()).value) for path in folder.glob(f"*/{DESCRIPTION}")
    )
    return {template.name: template for template in sorted(found, key=lambda template: template.name)}


NOTHING = "nothing"
"""Named in place of a template by those who want to begin with an empty app."""
_EMPTY = b"""\
apiVersion: appguard/v1
kind: MicroApp

metadata:
  id: ${id}
  name: ${name}
  description: ${description}
  owner: ${owner}
  team: ${team}

intent:
  purpose: ${purpose}
  users: ${users}
  data_class: ${data_class}
  criticality: ${criticality}

connectors: []

pages: []
"""


def start(name: str, metadata: Metadata, intent: Intent) -> Bundle:
    """A new app's first bundle: the template's files with the request's words filled in.

    From `NOTHING` it has no page yet, and is no manifest before it has one. Raises `NotFound` for a
    template that does not exist.
    """
    template = templates().get(name)
    if template is None and name != NOTHING:
        raise NotFound(f"there is no template {name!r:.60}", f"Choose one of: {', '.join(templates())}.")
    words = {
        **metadata.model_dump(mode="json"),
        **intent.model_dump(mode="json"),
        "template": template.reference if template else "",
    }
    # JSON strings are YAML strings, so no word of a requester can become structure.
    quoted = {key: json.dumps(value) for key, value in words.items()}
    files = _files(policies_dir() / "templates" / name) if template else {MANIFEST: _EMPTY}
    return Bundle({path: _fill(content, quoted) for path, content in files.items()})


def untouched(bundle: Bundle) -> bool:
    """Whether it is what its template gave, or an empty app still, with nothing changed but the intent."""
    try:
        manifest = bundle.manifest()
    except ManifestError:
        return bundle.files[MANIFEST].endswith(_EMPTY[-len("\npages: []\n") :])
    name = (manifest.metadata.template or "").partition("@")[0]
    return name in templates() and start(name, manifest.metadata, manifest.intent).files == bundle.files


def _files(folder: Path) -> dict[str, bytes]:
    paths = (path for path in folder.rglob("*") if path.is_file() and path.name != DESCRIPTION)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def _fill(content: bytes, words: Mapping[str, str]) -> bytes:
    return Placeholders(content.decode()).substitute(words).encode()
