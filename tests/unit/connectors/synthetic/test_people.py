from appguard.connectors.synthetic.people import USER, manager_of, person
from appguard.runtime.examples import SOMEBODY


def test_the_user_of_a_preview_is_the_one_its_pages_greet():
    assert (person(USER).name, person(USER).email) == (SOMEBODY.name, SOMEBODY.email)


def test_a_team_of_forty_has_forty_names():
    assert len({person(number).name for number in range(1, 41)}) == 40


def test_the_team_reports_to_the_user_who_reports_to_somebody_else():
    assert manager_of(3) == person(USER)
    assert manager_of(USER).name != person(USER).name


def test_the_same_number_and_seed_are_the_same_person():
    assert person(4, seed=2) == person(4, seed=2) != person(4, seed=3)
