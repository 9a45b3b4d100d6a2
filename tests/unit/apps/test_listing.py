from datetime import UTC, datetime, timedelta

from appguard.apps.listing import OVERLAP, Listing
from tests.support.cards import card

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def test_the_first_look_reads_all_and_the_next_one_what_is_new():
    asked, stored = [], [card(1), card(2)]

    def since(moment):
        asked.append(moment)
        return stored if moment is None else [card(3)]

    listing = Listing(since, lambda: NOW)
    assert len(listing.cards()) == 2
    assert len(listing.cards()) == 3
    assert asked == [None, NOW - OVERLAP]


def test_a_card_read_again_stands_once_and_the_newer_version_counts():
    older, newer = card(1, version=1, name="Old"), card(1, version=2, name="New")
    for order in ([older, newer], [newer, older]):
        reads = iter([[order[0]], [order[1]]])
        listing = Listing(lambda _, reads=reads: next(reads))
        listing.cards()
        assert [each.name for each in listing.cards()] == ["New"]


def test_a_change_by_a_writer_whose_clock_is_behind_is_seen():
    late = card(1, changed=NOW - timedelta(seconds=20))
    listing = Listing(lambda moment: [late] if moment and late.changed >= moment else [], lambda: NOW)
    assert not listing.cards()
    assert list(listing.cards()) == [late]
