import pytest
from hypothesis import given
from hypothesis import strategies as st

from appguard.apps.pages import PAGE, Order, Place, page
from appguard.kernel.errors import Invalid
from tests.support.cards import card

CARDS = [card(number) for number in range(3 * PAGE + 5)]


def walk(cards, order):
    seen, after = [], None
    while True:
        found = page(cards, order, after)
        seen += [each.app_id for each in found.cards]
        if not found.after:
            return seen
        after = Place.read(found.after)


@pytest.mark.parametrize("order", Order, ids=str)
def test_walking_the_pages_shows_every_app_once(order):
    seen = walk(CARDS, order)
    assert len(seen) == len(CARDS)
    assert set(seen) == {each.app_id for each in CARDS}


@given(st.sets(st.integers(0, len(CARDS) - 1)))
def test_the_next_page_begins_where_this_one_ended_though_apps_have_come_and_gone(gone):
    first = page(CARDS, Order.NAME, None)
    left = [each for number, each in enumerate(CARDS) if number not in gone]
    after = page(left, Order.NAME, Place.read(first.after))
    later = {each.app_id for each in CARDS} - {each.app_id for each in first.cards}
    assert {each.app_id for each in after.cards} <= later
    assert len(after.cards) == min(PAGE, len(later & {each.app_id for each in left}))


def test_the_page_before_is_the_page_one_came_from():
    first = page(CARDS, Order.RISK, None)
    second = page(CARDS, Order.RISK, Place.read(first.after))
    third = page(CARDS, Order.RISK, Place.read(second.after))
    assert (first.before, second.before) == (None, "")
    assert page(CARDS, Order.RISK, Place.read(third.before)) == second
    assert (second.first, third.first) == (PAGE + 1, 2 * PAGE + 1)


def test_orders_begin_with_the_latest_the_soonest_and_the_riskiest():
    found = {order: page(CARDS, order, None).cards for order in Order}
    assert found[Order.NEWEST][0].published == max(each.published for each in CARDS)
    assert found[Order.CHANGED][0].changed == max(each.changed for each in CARDS)
    assert found[Order.ENDING][0].retires == min(each.retires for each in CARDS)
    assert found[Order.RISK][0].tier == "high"
    assert found[Order.NAME][0].name == min((each.name for each in CARDS), key=str.casefold)


def test_what_has_no_date_stands_last():
    undated = card(99, published=None, retires=None, tier=None)
    for order in (Order.NEWEST, Order.ENDING, Order.RISK):
        assert page([undated, CARDS[0]], order, None).cards[-1] == undated


@given(st.text(max_size=300))
def test_any_text_is_a_place_or_refused(text):
    try:
        Place.read(text)
    except Invalid:
        return
    assert str(Place.read(text)) == text
