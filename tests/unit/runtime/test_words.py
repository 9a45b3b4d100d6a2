import pytest

from appguard.runtime.words import cell


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "\N{EN DASH}"),
        ("", "\N{EN DASH}"),
        (True, "Yes"),
        (False, "No"),
        (0, "0"),
        (12.5, "12.5"),
        ("2026-12-24", "24 December 2026"),
        ("2026-12-24T09:30:00+00:00", "24 December 2026, 09:30"),
        ("2026-99-99", "2026-99-99"),
        ("2026-2027 season", "2026-2027 season"),
        ("DE00-1234", "DE00-1234"),
    ],
)
def test_values_read_as_people_write_them(value, text):
    assert cell(value) == text
