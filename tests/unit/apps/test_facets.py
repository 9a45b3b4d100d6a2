from hypothesis import given
from hypothesis import strategies as st

from appguard.apps.facets import VALUES, Facet, narrow
from appguard.apps.lifecycle import State
from tests.support.cards import card

CARDS = [card(number) for number in range(300)]
ANSWERS = sorted({str(value) for facet in Facet for each in CARDS for value in VALUES[facet](each)})
CHOICES = st.dictionaries(st.sampled_from(Facet), st.sampled_from(ANSWERS))


@given(CHOICES)
def test_a_count_says_how_many_apps_its_choice_would_leave(chosen):
    found = narrow(CARDS, chosen)
    for facet, counts in found.counts.items():
        for value, count in counts.items():
            assert len(narrow(CARDS, {**chosen, facet: value}).cards) == count


@given(CHOICES)
def test_all_that_is_found_fits_every_choice_and_nothing_else_does(chosen):
    found = narrow(CARDS, chosen).cards
    assert found == [c for c in CARDS if all(value in VALUES[facet](c) for facet, value in chosen.items())]


def test_an_app_counts_for_each_of_its_connectors():
    one = card(1, connectors=("hr-db", "payroll-db"))
    assert narrow([one], {}).counts[Facet.CONNECTOR] == {"hr-db": 1, "payroll-db": 1}


def test_a_template_is_one_choice_whatever_its_version():
    both = [card(1, template="hr-self-service@1"), card(2, template="hr-self-service@2")]
    assert narrow(both, {}).counts[Facet.TEMPLATE] == {"hr-self-service": 2}


def test_the_other_states_are_counted_beside_the_chosen_one():
    apps = [card(1, state=State.ACTIVE), card(2, state=State.DRAFT)]
    assert narrow(apps, {Facet.STATE: "active"}).counts[Facet.STATE] == {"active": 1, "draft": 1}
