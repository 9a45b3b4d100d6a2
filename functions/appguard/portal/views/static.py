"""Stylesheet, script and icon; and whether the function is up."""

import gzip
from functools import cache
from typing import NamedTuple

from appguard.kernel.errors import NotFound
from appguard.portal.http import Reply, Request
from appguard.portal.render import HERE

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}


class File(NamedTuple):
    """A file as it is and as it travels.

    Pages are never compressed: their length would tell of the secrets in them (BREACH).
    """

    type: str
    plain: bytes
    zipped: bytes


@cache
def _files() -> dict[str, File]:
    """The static files by name: what is not in this list does not exist."""
    return {
        path.name: File(TYPES[path.suffix], path.read_bytes(), gzip.compress(path.read_bytes(), mtime=0))
        for path in (HERE / "static").iterdir()
        if path.suffix in TYPES
    }


def show(request: Request) -> Reply:
    """A static file; with a version in its address it may be kept for a year."""
    if (found := _files().get(request.params["name"])) is None:
        raise NotFound("There is no such file")
    keep = "public, max-age=31536000, immutable" if "v" in request.query else "no-cache"
    headers = {"cache-control": keep, "vary": "accept-encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Reply(found.zipped, content_type=found.type, headers={**headers, "content-encoding": "gzip"})
    return Reply(found.plain, content_type=found.type, headers=headers)


def healthz(_: Request) -> Reply:
    """The function answers."""
    return Reply('{"status": "ok"}', content_type="application/json")
