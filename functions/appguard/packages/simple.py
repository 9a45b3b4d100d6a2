"""A project's page of a package index: which files there are. JSON (PEP 691) or HTML (PEP 503).

Every index speaks one of them, a company's mirror as well; files that come without a SHA-256 are none to us.
https://packaging.python.org/en/latest/specifications/simple-repository-api/
"""

from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from appguard.kernel.errors import Unavailable
from appguard.kernel.record import Record

ACCEPT = "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1"
_SHA256 = "sha256="


class File(Record):
    """One file of a project."""

    filename: str = Field(max_length=300)
    url: str = Field(max_length=2_000)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    requires_python: str | None = None
    yanked: bool = False
    uploaded: AwareDatetime | None = None


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    filename: str
    url: str
    hashes: dict[str, str] = Field(default_factory=dict)
    requires_python: str | None = Field(default=None, alias="requires-python")
    yanked: bool | str = False
    uploaded: AwareDatetime | None = Field(default=None, alias="upload-time")


class _Project(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    files: tuple[_File, ...]


def files(url: str, document: bytes) -> tuple[File, ...]:
    """The files on the page at `url`; raises `Unavailable` where something else stands there."""
    try:
        found = _from_json(document) if document.lstrip()[:1] == b"{" else _from_html(document)
        return tuple(
            File(
                filename=one.filename,
                url=urljoin(url, urldefrag(one.url).url),
                sha256=one.hashes["sha256"].lower(),
                requires_python=one.requires_python or None,
                yanked=one.yanked is not False,
                uploaded=one.uploaded,
            )
            for one in found
            if "sha256" in one.hashes
        )
    except (ValidationError, ValueError):
        raise Unavailable(f"the package index answered something unexpected at {url:.200}") from None


def _from_json(document: bytes) -> tuple[_File, ...]:
    return _Project.model_validate_json(document).files


def _from_html(document: bytes) -> tuple[_File, ...]:
    page = _Page()
    page.feed(document.decode())
    return tuple(page.found)


class _Page(HTMLParser):
    """The anchors of a page; a file's name is the last part of its address."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[_File] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """One file for each link."""
        said = dict(attrs)
        if tag != "a" or not said.get("href"):
            return
        address, fragment = urldefrag(said["href"] or "")
        hashes = {"sha256": fragment.removeprefix(_SHA256)} if fragment.startswith(_SHA256) else {}
        told = {
            "filename": address.rpartition("/")[2],
            "url": address,
            "hashes": hashes,
            "requires-python": said.get("data-requires-python"),
            "yanked": "data-yanked" in said,
        }
        self.found.append(_File.model_validate(told))
