"""An app's archive: the runtime, the bundle under app/, its packages, and the compiled definition."""

import io
import zipfile
from collections.abc import Mapping

from appguard.apps.bundle import Bundle
from appguard.apps.model import App
from appguard.runtime.logic.asking import Read
from appguard.runtime.model import MicroApp

DEFINITION = "app/app.json"
PACKAGES = "packages/"
OURS = ("app/", PACKAGES)
LONG_AGO = (1980, 1, 1, 0, 0, 0)


def compiled(app: App, bundle: Bundle) -> bytes:
    """What the runtime needs to know of the app, from its manifest."""
    manifest = bundle.manifest()
    definition = MicroApp(
        app_id=app.app_id,
        name=manifest.metadata.name,
        description=manifest.metadata.description,
        owner=app.owner_email,
        bundle_digest=bundle.digest,
        pages=manifest.pages,
        reads=tuple(
            Read(connector=use.name, query=name) for use in manifest.connectors for name in use.queries
        ),
    )
    return definition.model_dump_json().encode()


def build(runtime: bytes, app: App, bundle: Bundle, packages: Mapping[str, bytes]) -> bytes:
    """The archive of the app's function: the same bytes for the same inputs.

    Nothing of the bundle or its packages can take the place of the runtime: each has a folder of its own.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(runtime)) as asset, zipfile.ZipFile(buffer, "w") as archive:
        for name in sorted(n for n in asset.namelist() if not n.endswith("/") and not n.startswith(OURS)):
            _add(archive, name, asset.read(name))
        for path, content in bundle.files.items():
            if f"app/{path}" != DEFINITION:
                _add(archive, f"app/{path}", content)
        for path, content in sorted(packages.items()):
            _add(archive, f"{PACKAGES}{path}", content)
        _add(archive, DEFINITION, compiled(app, bundle))
    return buffer.getvalue()


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    info = zipfile.ZipInfo(name, date_time=LONG_AGO)
    info.external_attr = 0o644 << 16
    archive.writestr(info, content, zipfile.ZIP_DEFLATED)
