"""Micro apps look like the portal, whose files their function does not carry."""

import re
from pathlib import Path

import appguard


def tokens(stylesheet: str) -> list[str]:
    text = Path(appguard.__path__[0], stylesheet).read_text()
    return re.findall(r"^:root \{[^}]*\}", text, re.MULTILINE)


def test_colours_spaces_and_fonts_are_those_of_the_portal_in_both_schemes():
    assert tokens("runtime/static/app.css") == tokens("portal/static/portal.css")
    assert len(tokens("runtime/static/app.css")) == 1
