from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from appguard.portal import times
from appguard.portal.reader import Reader

NOW = datetime(2026, 3, 3, 23, 30, tzinfo=UTC)


def shown(by, value, language="en", zone="UTC", **options):
    reader = Reader(language, UTC if zone == "UTC" else ZoneInfo(zone))
    return str(by({"request": SimpleNamespace(reader=reader)}, value, **options))


@pytest.fixture(autouse=True)
def now(monkeypatch):
    monkeypatch.setattr(times, "utc_now", lambda: NOW)


def test_a_moment_stands_in_the_readers_zone_and_names_it():
    assert ">3 March 2026, 23:30 UTC<" in shown(times.moment, NOW)
    assert ">4 March 2026, 00:30 CET<" in shown(times.moment, NOW, zone="Europe/Berlin")
    assert ">3 March 2026, 20:30 UTC-03<" in shown(times.moment, NOW, zone="America/Sao_Paulo")


def test_programs_read_the_same_moment_whoever_looks():
    for zone in ("UTC", "Asia/Kolkata"):
        assert 'datetime="2026-03-03T23:30:00+00:00"' in shown(times.moment, NOW, zone=zone)


def test_the_day_of_a_moment_is_the_one_on_the_readers_calendar():
    assert ">4 March 2026<" in shown(times.day, NOW, zone="Europe/Berlin")
    assert ">3 March 2026<" in shown(times.day, date(2026, 3, 3), zone="Europe/Berlin")


@pytest.mark.parametrize(
    ("apart", "words"),
    [
        (timedelta(seconds=-20), "just now"),
        (timedelta(seconds=20), "in a moment"),
        (timedelta(minutes=-1), "1 minute ago"),
        (timedelta(minutes=-2, seconds=-50), "2 minutes ago"),
        (timedelta(hours=-1), "1 hour ago"),
        (timedelta(hours=5), "in 5 hours"),
        (timedelta(days=-1), "1 day ago"),
        (timedelta(days=6, hours=23), "in 6 days"),
        (timedelta(days=-7), "24 February 2026"),
    ],
)
def test_what_is_near_is_told_by_its_distance(apart, words):
    assert f">{words}</time>" in shown(times.relative, NOW + apart)


def test_hovering_a_distance_tells_the_time():
    assert 'title="3 March 2026, 23:28 UTC"' in shown(times.relative, NOW - timedelta(minutes=2))


def test_what_has_not_happened_is_said():
    assert shown(times.day, None) == "not set"
    assert shown(times.moment, None) == shown(times.relative, None) == "not yet"


def test_numbers_carry_the_marks_of_the_language():
    assert shown(times.number, 1234567) == "1,234,567"
    assert shown(times.number, 1234.5, "de", digits=1) == "1.234,5"
