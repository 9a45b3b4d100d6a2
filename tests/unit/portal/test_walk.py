"""Who was let in where is what docs/roles.md says, and nobody learns of a thing that is not theirs."""

from pathlib import Path

import pytest

from appguard.kernel.event import Role
from appguard.portal.access import Permission, role_map
from appguard.portal.routes import ROUTES
from tests.unit.portal.walk import Step, ask, concrete, let_in, markdown, peopled, someone, steps, walked
from tests.unit.portal.world import NOBODY, Browser

PAGE = Path("docs/roles.md")
REGENERATE = "PYTHONPATH=functions:. .venv/bin/python -m tests.unit.portal.walk > docs/roles.md"


@pytest.fixture(scope="module")
def ids():
    with peopled() as ids:
        yield ids


def test_the_page_says_who_may_do_what(ids):
    assert markdown(walked(ids)) == PAGE.read_text(), f"read the difference; if it is meant: {REGENERATE}"


def test_nobody_in_particular_and_a_person_without_a_role_are_let_in_nowhere(ids):
    for browser, person in ((Browser(), None), (Browser.of(NOBODY), NOBODY)):
        assert [step.name for step in steps(Role.EMPLOYEE, ids) if let_in(ask(browser, step, person))] == []


def test_to_who_may_not_read_it_an_app_of_another_is_as_one_that_is_not_there(ids):
    """No id tells whether there is such a thing: same status, same words."""
    readers = role_map().holding(frozenset({Permission.READ_ANY}))
    for role in set(role_map().roles) - readers:
        browser = Browser.of(someone(role))
        for route in (route for route in ROUTES if route.roles and "<app_id>" in route.path):
            seen = [
                browser.get(path) if route.method == "GET" else browser.post(path)
                for name in ("others-draft", "no-such-app", "..%2fothers-draft", "OTHERS-DRAFT", "x" * 300)
                for path in [concrete(route.path, {"app_id": name, "page_id": "start"})]
            ]
            assert len({answer.status for answer in seen}) == 1, route.path
            assert not any("Oda" in answer.body or "oda@" in answer.body for answer in seen), route.path


def test_every_other_id_that_is_not_there_is_told_without_an_error_of_ours(ids):
    browsers = {role: Browser.of(someone(role)) for role in role_map().roles}
    for route in (route for route in ROUTES if route.roles and "<" in route.path):
        role = next(role for role in browsers if role in route.roles)
        for name in ("x" * 43, "%00", "..%2f..%2fetc", "-1", "<b>"):
            path = concrete(
                route.path, dict.fromkeys(("app_id", "locator", "exception_id", "session_id"), name)
            )
            answer = ask(browsers[role], Step(route, "", path), someone(role))
            assert answer.status < 500 or "/audit/" in path, (path, answer.status)
            assert "<b>" not in answer.body
