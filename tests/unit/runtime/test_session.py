import re

import pytest

from appguard.kernel.errors import Unavailable
from appguard.runtime.session import LONGEST_SESSION_SECONDS
from tests.unit.runtime.world import GOOD, NOW, World

SESSION = "__Secure-appguard-app-session"


def line(response, name):
    [found] = [line for line in response.cookies if line.startswith(name + "=")]
    return found


def test_the_session_cookie_is_encrypted_scoped_and_out_of_reach(world):
    cookie = line(world.sign_in(), SESSION)
    assert "ana@example.com" not in cookie
    for part in ("Path=/apps/leave-request;", "HttpOnly", "SameSite=Lax", "Secure", "Max-Age=3600"):
        assert part in cookie


def test_a_session_ends_with_its_token(ana):
    ana.now += 3599
    assert ana.get("/").status == 200
    ana.now += 2
    assert ana.get("/").status == 303


def test_a_sign_in_that_ended_on_the_way_is_no_session_and_no_loop(world):
    world.provider.claims = {"exp": int(NOW) - 30}
    answer = world.sign_in()
    assert answer.status == 401
    assert not answer.headers.get("location")


def test_no_session_outlasts_a_working_day(world):
    world.provider.claims = {"exp": int(NOW) + 7 * 24 * 3600}
    assert f"Max-Age={LONGEST_SESSION_SECONDS}" in line(world.sign_in(), SESSION)


@pytest.mark.parametrize("place", [0, 40, 120, -1])
def test_an_altered_cookie_is_no_session(ana, place):
    sealed = list(ana.jar[SESSION])
    sealed[place] = "A" if sealed[place] != "A" else "B"
    ana.jar[SESSION] = "".join(sealed)
    assert ana.get("/").status == 303


def test_a_cookie_sealed_for_another_purpose_is_no_session(ana):
    ana.jar[SESSION] = ana.cookies.sealer.seal("sent", {"token": "x", "csrf": "y"}, ana.now + 60)
    assert ana.get("/").status == 303


def test_another_apps_cookie_is_no_session(ana):
    other = World()
    other.secret.current = ("t" * 40,)
    other.sign_in()
    ana.jar[SESSION] = other.jar[SESSION]
    assert ana.get("/").status == 303


def test_rotation_signs_nobody_out(ana):
    ana.secret.current = ("n" * 40, *ana.secret.current)
    assert ana.get("/").status == 200


def test_a_function_that_missed_a_rotation_reads_its_secret_again(ana):
    old = ana.secret.current
    ana.secret.current = ("n" * 40,)
    ana.jar.clear()
    ana.sign_in()
    ana.secret.current, ana.secret.later = old, ("n" * 40, *old)
    assert ana.get("/").status == 200


@pytest.mark.parametrize("form", [{"_csrf": ""}, {"_csrf": "guessed"}], ids=str)
def test_a_form_from_elsewhere_sends_nothing_and_keeps_what_was_typed(ana, form):
    answer = ana.post("/pages/ask", {**GOOD, "reason": "Summer", **form})
    assert answer.status == 403
    assert "Summer" in answer.body
    assert ana.broker.calls == []


def test_a_cross_site_form_is_refused_even_with_the_right_token(ana):
    assert ana.post("/pages/ask", GOOD, sec_fetch_site="cross-site").status == 403
    assert ana.broker.calls == []


def test_a_form_sent_after_the_session_ended_is_not_sent_on(ana):
    ana.now += 4000
    answer = ana.post("/pages/ask", GOOD)
    assert answer.status == 401
    assert re.search(r'href="/apps/leave-request/pages/ask">Sign in<', answer.body)
    assert ana.broker.calls == []


def test_signing_out_drops_the_cookie(ana):
    assert "You are signed out" in ana.post("/sign-out", {}).body
    assert SESSION not in ana.jar


def test_signing_out_needs_the_apps_own_form(ana):
    assert ana.post("/sign-out", {"_csrf": "guessed"}).status == 403
    assert SESSION in ana.jar


def test_a_large_token_still_fits(world):
    world.provider.claims = {"groups": [f"group-{n:02}" for n in range(90)]}
    world.sign_in()
    assert world.get("/").status == 200


def test_an_unreadable_secret_gives_a_page_not_a_crash(ana):
    def fail():
        raise Unavailable("This app cannot read its own secret.")

    ana.secret.keys = fail
    answer = ana.get("/")
    assert answer.status == 503
    assert "Not available at the moment" in answer.body


def test_a_token_too_large_for_a_cookie_is_named_as_the_platforms_fault(world):
    world.provider.claims = {"groups": [f"group-{n}" for n in range(300)]}
    assert world.sign_in().status == 500
