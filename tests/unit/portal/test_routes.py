"""Who may come in where: all routes, as nobody and as everybody."""

import pytest

from appguard.approvals.access import DECIDERS as GROUPS_THAT_DECIDE
from appguard.kernel.event import Role
from appguard.portal.access import DECIDERS, EVERYONE, role_map, roles_of
from appguard.portal.routes import ROUTES
from tests.unit.portal.world import ADA, ANA, DORA, MIA, NOBODY, PAT, ROB, SAM, Browser, bearer, program

PEOPLE = {"ana": ANA, "mia": MIA, "rob": ROB, "sam": SAM, "ada": ADA, "dora": DORA, "pat": PAT, "zoe": NOBODY}
GUARDED = [route for route in ROUTES if route.roles is not None]
OPEN = {
    "/api/openapi.json",
    "/api/sign-in",
    "/callback",
    "/healthz",
    "/sign-in",
    "/sign-out",
    "/signed-out",
    "/static/<name>",
}


def address(path):
    concrete = path.replace("<app_id>", "no-such-app").replace("<page_id>", "start")
    return concrete.replace("<locator>", "x" * 43).replace("<name>", "portal.css")


def answered(route, person):
    """What somebody is answered who has just signed in: some routes end the session."""
    if route.bearer:
        return program(route.method, address(route.path), bearer(person))
    browser = Browser.of(person)
    return (browser.get if route.method == "GET" else browser.post)(address(route.path))


def test_only_sign_in_static_files_and_how_to_ask_are_open_to_anybody():
    assert {route.path for route in ROUTES if route.roles is None} == OPEN


def test_every_route_names_a_view_that_exists():
    assert all(callable(route.load()) for route in ROUTES)


def test_an_address_is_answered_by_one_view():
    addresses = [(route.method, route.path) for route in ROUTES]
    assert sorted(addresses) == sorted(set(addresses))


def test_every_change_is_a_post():
    assert {route.method for route in ROUTES} == {"GET", "POST"}


@pytest.mark.parametrize("route", GUARDED, ids=lambda r: f"{r.method} {r.path}")
def test_nobody_is_sent_to_sign_in_or_refused(portal, route):
    browser = Browser()
    answer = browser.get(address(route.path)) if route.method == "GET" else browser.post(address(route.path))
    if route.bearer:
        assert (answer.status, answer.headers["content-type"]) == (401, "application/json")
    elif route.method == "GET":
        assert (answer.status, answer.headers["location"][:14]) == (303, "/sign-in?next=")
    else:
        assert answer.status == 401


@pytest.mark.parametrize("name", PEOPLE)
def test_each_person_passes_exactly_the_routes_of_their_roles(portal, name):
    roles = roles_of(PEOPLE[name])
    wrong = []
    for route in GUARDED:
        answer = answered(route, PEOPLE[name])
        refused = "is for the role" in answer.body and answer.status == 403
        if refused == bool(roles & route.roles):
            wrong.append(f"{route.method} {route.path}: {answer.status}")
    assert wrong == []


@pytest.mark.parametrize(
    "route", [r for r in ROUTES if r.method == "POST" and not r.bearer], ids=lambda r: r.path
)
def test_a_post_without_the_token_of_the_session_is_refused(portal, route):
    for forged in ("", "guess", Browser.of(ANA).csrf):
        answer = Browser.of(SAM).post(address(route.path), csrf=forged)
        assert (answer.status, "cross_site_request" in answer.body) == (403, True)


def test_a_post_from_another_origin_is_refused_even_with_the_token(portal):
    answer = Browser.of(ANA).post("/new", headers={"origin": "https://evil.example"})
    assert "cross_site_request" in answer.body


def test_every_role_of_the_portal_is_given_by_some_group(portal):
    assert set(role_map().roles) == EVERYONE
    assert all(grant.groups for grant in role_map().roles.values())


def test_whoever_accepts_exceptions_is_among_those_the_portal_shows_what_to_decide(portal):
    given = {group for role in DECIDERS for group in role_map().roles[role].groups}
    assert given >= GROUPS_THAT_DECIDE


def test_a_group_claim_that_names_a_role_gives_nothing(portal):
    claimed = NOBODY.model_copy(update={"groups": frozenset(role.value for role in Role)})
    assert roles_of(claimed) <= {Role.SECURITY, Role.PLATFORM}  # groups that happen to bear the role's name
