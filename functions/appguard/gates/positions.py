"""From a key of the manifest to the line it stands on."""

from appguard.apps.bundle import MANIFEST, Bundle
from appguard.apps.yaml_path import steps
from appguard.apps.yaml_source import Document, ManifestError, load


def document(bundle: Bundle) -> Document:
    """The manifest's positions; an empty document where it cannot be read, whose every line is 1."""
    try:
        return load(bundle.files[MANIFEST])
    except ManifestError:
        return Document()


def line_of(key: str, source: Document) -> int:
    """The line of `connectors[0].queries[1]`, or of its nearest ancestor that was written out."""
    return source.mark(steps(key))[0]
