from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from appguard.portal import cookies
from appguard.portal.reader import Reader


@pytest.fixture(autouse=True)
def deployment(monkeypatch):
    """A laptop's; in a test that says so, one behind TLS."""
    found = SimpleNamespace(secure=False)
    monkeypatch.setattr(cookies, "settings", lambda: found)
    return found


def reader(accepted="", **given):
    return Reader.of({f"appguard_{name}": value for name, value in given.items()}, accepted)


def test_the_persons_choice_of_language_wins_over_the_browsers():
    assert reader("de").language == "de"
    assert reader("de", language="en").language == "en"


def test_a_zone_the_browser_told_is_the_readers():
    noon = datetime(2026, 7, 1, 12, tzinfo=UTC)
    assert noon.astimezone(reader(zone="Europe/Berlin").zone).hour == 14


@pytest.mark.parametrize(
    "name", ["", "Mars/Olympus", "../../etc/passwd", "/etc/localtime", "Europe", "tzdata.zi", "a" * 4000]
)
def test_a_zone_that_does_not_exist_is_utc(name):
    assert reader(zone=name).zone is UTC


@pytest.mark.parametrize("name", ["", "pink", 'dark" onload='])
def test_a_look_or_language_that_does_not_exist_is_no_choice(name):
    found = reader(look=name, language=name)
    assert (found.look, found.chosen_language, found.language) == ("", "", "en")


def test_over_tls_only_cookies_bound_to_this_host_count(deployment):
    deployment.secure = True
    assert reader(zone="Europe/Berlin").zone is UTC
    assert Reader.of({"__Host-appguard_zone": "Europe/Berlin"}, "").zone != UTC
