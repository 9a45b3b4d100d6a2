"""The guides of `docs/` that people read in the portal, one for each thing somebody comes to do."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup

from appguard.kernel.errors import NotFound
from appguard.kernel.files import docs_dir
from appguard.kernel.phrase import Phrase as _

if TYPE_CHECKING:
    from markdown_it.token import Token


class Guide(NamedTuple):
    """A page of `docs/`, and whom it helps with what."""

    title: str
    about: str


GUIDES = {
    "training": Guide(
        _("Learn it in an hour"), _("A first app from nothing to submitted, and what to try next.")
    ),
    "requester": Guide(
        _("Making an app"), _("From the idea to an app in use, step by step, and what the checks mean.")
    ),
    "reviewer": Guide(_("Deciding on an app"), _("What to look at, and what your decision means.")),
    "data-owner": Guide(
        _("Answering for data"), _("Connectors, who sees what, and questions of the people concerned.")
    ),
    "auditor": Guide(
        _("Checking the evidence"), _("Searching the ledger, reports, and verifying without trusting us.")
    ),
    "office-hours": Guide(
        _("Office hours"), _("When somebody has time for your question, and what to bring.")
    ),
}


class Text(NamedTuple):
    """A guide as HTML, with its own title."""

    title: str
    html: Markup


@cache
def guide(name: str) -> Text:
    """One guide, ready to be shown; raises `NotFound` for a name that is none."""
    if name not in GUIDES:
        raise NotFound("There is no such guide", "Choose one from the list of guides.")
    from markdown_it import MarkdownIt  # noqa: PLC0415 - only who reads a guide needs it

    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = reader.parse((docs_dir() / f"{name}.md").read_text(encoding="utf-8"))
    title = tokens[1].content  # a guide begins with its one heading of the first level
    shown = tokens[3:]
    for token in _all(shown):
        _adapt(token)
    _give_anchors(shown)
    return Text(title, Markup(reader.renderer.render(shown, reader.options, {})))  # noqa: S704 - our own pages


def _all(tokens: list["Token"]) -> Iterator["Token"]:
    for token in tokens:
        yield token
        yield from _all(token.children or [])


def _adapt(token: "Token") -> None:
    """Links lead to the portal's guides, or nowhere; pictures do not travel with the code and are gone."""
    if token.type == "link_open":
        page, _, anchor = str(token.attrs["href"]).partition("#")
        name = page.removesuffix(".md")
        if name in GUIDES:
            token.attrs["href"] = f"/help/{name}" + (f"#{anchor}" if anchor else "")
        elif page and "://" not in page:
            del token.attrs["href"]
    if token.children:
        token.children = [child for child in token.children if child.type != "image"]
    if token.type == "table_open":
        token.attrSet("class", "fold")


def _give_anchors(tokens: list["Token"]) -> None:
    """Headings are found by their words, as on GitHub, where the same pages are read too."""
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open":
            opening.attrSet("id", re.sub(r"[^\w\- ]", "", inline.content.lower()).replace(" ", "-"))
