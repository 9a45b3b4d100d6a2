"""People with browsers, and what somebody does who has their cookies but not their pages."""

from collections.abc import Callable

import httpx
import pytest

from infra.local.story.cast import ANA, Story
from infra.local.story.chapters.build import propose
from infra.local.story.visitor import Visitor


@pytest.fixture(scope="package")
def visit(endpoints) -> Callable[[str], Visitor]:
    """Somebody's browser, signed in once."""
    browsers: dict[str, Visitor] = {}

    def signed_in(email: str) -> Visitor:
        if email not in browsers:
            browsers[email] = Visitor.signed_in(endpoints.portal, email)
        return browsers[email]

    return signed_in


@pytest.fixture(scope="package")
def raw(endpoints, visit) -> Callable[[str], httpx.Client]:
    """A program that sends what it likes with somebody's cookies, and is not redirected."""

    def client(email: str) -> httpx.Client:
        cookies = visit(email)._browser.session.cookies.get_dict()
        return httpx.Client(base_url=endpoints.portal, cookies=cookies, timeout=60)

    return client


@pytest.fixture(scope="package")
def token(visit) -> Callable[[str], str]:
    """The secret of somebody's forms."""

    def of(email: str) -> str:
        visitor = visit(email)
        visitor.open("/")
        return str(visitor.page.find("input", {"name": "csrf"})["value"])

    return of


@pytest.fixture(scope="package")
def drafted(story: Story) -> Callable[[str], str]:
    """A draft of Ana's; the path of its page."""

    def draft(app_id: str, name: str = "Broken things", **answers: str) -> str:
        asked = {
            "purpose": "Tell facilities what is broken in the office, and see what they already know.",
            "team": "Facilities",
            "data_class": "internal",
            "template": "office-self-service",
        }
        propose(story, name=name, app_id=app_id, **(asked | answers))
        return f"/my/{app_id}"

    return draft


@pytest.fixture(scope="package")
def submission(visit) -> Callable[[str], dict[str, str]]:
    """What Ana's button to submit a draft would send."""

    def fields(page: str) -> dict[str, str]:
        ana = visit(ANA)
        ana.open(page)
        form = ana.page.find("form", action=f"{page}/submit")
        return {each["name"]: each.get("value", "") for each in form.find_all("input")}

    return fields
