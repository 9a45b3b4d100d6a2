"""A package index on loopback that speaks the simple repository API, and small wheels to put into it."""

import io
import json
import threading
import zipfile
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import distribution
from typing import Any

LONG_AGO = "2020-01-01T00:00:00Z"


def wheel(
    name: str,
    version: str,
    files: Mapping[str, bytes | str] | None = None,
    requires: Sequence[str] = (),
    metadata: str = "",
) -> bytes:
    """A wheel with these files; a module of the package's name is there unless something else is said."""
    module = name.replace("-", "_")
    inside = {f"{module}/__init__.py": f"VERSION = {version!r}\n"} if files is None else dict(files)
    said = [f"Metadata-Version: 2.4\nName: {name}\nVersion: {version}\nLicense-Expression: MIT"]
    said += [f"Requires-Dist: {one}" for one in requires]
    folder = f"{module}-{version}.dist-info"
    inside.setdefault(f"{folder}/METADATA", metadata or "\n".join(said) + "\n\n")
    inside.setdefault(f"{folder}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as packed:
        for path, content in inside.items():
            packed.writestr(path, content)
    return written.getvalue()


def installed(name: str) -> tuple[str, bytes, list[str]]:
    """A real package of this environment, packed again as the wheel it came in: version, wheel, needs."""
    found = distribution(name)
    files = {
        str(path): found.locate_file(path).read_bytes()
        for path in found.files or ()
        if ".." not in path.parts and path.suffix != ".pyc" and "__pycache__" not in path.parts
    }
    kept = {
        path: content
        for path, content in files.items()
        if not path.endswith(("INSTALLER", "REQUESTED", "direct_url.json"))
    }
    return found.version, wheel(name, found.version, kept), list(found.requires or ())


@dataclass
class Index:
    """What the index offers. `html` makes it speak the older form; `wants` is the login it asks for."""

    url: str = ""
    html: bool = False
    wants: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    projects: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def add(
        self,
        name: str,
        version: str,
        content: bytes | None = None,
        *,
        requires: Sequence[str] = (),
        filename: str = "",
        digest: str = "",
        **more: Any,
    ) -> str:
        """Offer a file, by default a wheel of one module; returns its digest, which may be another's."""
        content = wheel(name, version, requires=requires) if content is None else content
        filename = filename or f"{name.replace('-', '_')}-{version}-py3-none-any.whl"
        digest = digest or sha256(content).hexdigest()
        self.files[f"/files/{filename}"] = content
        told = {
            "filename": filename,
            "url": f"../../files/{filename}",
            "hashes": {"sha256": digest},
            "upload-time": LONG_AGO,
            **more,
        }
        self.projects.setdefault(name, []).append(told)
        return digest

    def page(self, name: str) -> tuple[str, bytes]:
        """A project's page, and in which form it is."""
        files = self.projects[name]
        if not self.html:
            body = {"meta": {"api-version": "1.1"}, "name": name, "files": files}
            return "application/vnd.pypi.simple.v1+json", json.dumps(body).encode()
        anchors = [_anchor(told) for told in files]
        return "text/html", f"<!DOCTYPE html><html><body>{''.join(anchors)}</body></html>".encode()


def _anchor(told: Mapping[str, Any]) -> str:
    address = f"{told['url']}#sha256={told['hashes']['sha256']}"
    python = told.get("requires-python")
    said = f' data-requires-python="{escape(python)}"' if python else ""
    said += ' data-yanked=""' if told.get("yanked") else ""
    return f'<a href="{address}"{said}>{told["filename"]}</a>'


@contextmanager
def serving() -> Iterator[Index]:
    """An empty index that answers on loopback until the block ends."""
    index = Index()

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            index.asked.append(self.path)
            kind, body, code = "application/octet-stream", index.files.get(self.path), 200
            name = self.path.removeprefix("/simple/").rstrip("/")
            if index.wants and self.headers.get("authorization") != index.wants:
                body, code = b"who are you?", 401
            elif name in index.projects:
                kind, body = index.page(name)
            elif body is None:
                body, code = b"there is none", 404
            self.send_response(code)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    index.url = f"http://127.0.0.1:{server.server_port}/simple"
    try:
        yield index
    finally:
        server.shutdown()
        server.server_close()


def basic(login: str) -> str:
    """The header by which a login is sent."""
    return f"Basic {b64encode(login.encode()).decode()}"
