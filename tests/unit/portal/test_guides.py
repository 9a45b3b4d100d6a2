import re

import pytest

from appguard.kernel.errors import NotFound
from appguard.portal.guides import GUIDES, guide


@pytest.mark.parametrize("name", GUIDES)
def test_a_guide_leads_only_to_guides_to_its_own_headings_and_to_other_sites(name):
    html = guide(name).html
    for target in re.findall(r'href="([^"]*)"', html):
        page, _, anchor = target.partition("#")
        shown = guide(page.removeprefix("/help/")).html if page.startswith("/help/") else html
        assert page.startswith(("https://", "/help/")) or not page
        assert not anchor or page.startswith("https:") or f'id="{anchor}"' in shown


@pytest.mark.parametrize("name", GUIDES)
def test_a_guide_is_under_its_title_and_loads_nothing(name):
    shown = guide(name)
    assert shown.title
    assert "<h1" not in shown.html
    assert "<img" not in shown.html
    assert "<script" not in shown.html


@pytest.mark.parametrize("name", ["", "architecture", "../README", "requester.md"])
def test_other_files_are_no_guides(name):
    with pytest.raises(NotFound):
        guide(name)
