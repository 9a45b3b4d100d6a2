"""Stylesheet, script and icon; and whether the function is up."""

from functools import cache

from appguard.kernel.errors import NotFound
from appguard.portal.http import Reply, Request
from appguard.portal.render import HERE

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}


@cache
def _files() -> dict[str, tuple[str, str]]:
    """Type and text of each static file: what is not in this list does not exist."""
    return {
        path.name: (TYPES[path.suffix], path.read_text(encoding="utf-8"))
        for path in (HERE / "static").iterdir()
        if path.suffix in TYPES
    }


def show(request: Request) -> Reply:
    """A static file; with a version in its address it may be kept for a year."""
    if (found := _files().get(request.params["name"])) is None:
        raise NotFound("There is no such file")
    keep = "public, max-age=31536000, immutable" if "v" in request.query else "no-cache"
    return Reply(found[1], content_type=found[0], headers={"cache-control": keep})


def healthz(_: Request) -> Reply:
    """The function answers."""
    return Reply('{"status": "ok"}', content_type="application/json")
