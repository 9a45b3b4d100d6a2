import pytest
from pydantic import ValidationError

from appguard.connectors.errors import SourceFailed
from appguard.connectors.model import Command, Query
from appguard.connectors.parameters import TextParameter
from appguard.connectors.subjects import subjects_in, subjects_of

NAME = {"name": "full_name", "label": "Name", "class": "personal"}
OWN = {"title": "Mine", "columns": [NAME], "user_in": ["email", "manager"]}
NAMES = ("full_name", "email", "manager")


def test_without_a_word_everybody_tied_to_the_user_counts_and_each_once():
    rows = [("Ana", "Ana@example.com", "mia@example.com"), ("Bob", "bob@example.com", "MIA@example.com")]
    found = subjects_in(Query.model_validate(OWN), NAMES, rows)
    assert set(found) == {"ana@example.com", "bob@example.com", "mia@example.com"}
    assert len(found) == 3


def test_a_query_says_which_column_names_whom_it_is_about():
    query = Query.model_validate(OWN | {"subjects": ["email"]})
    assert subjects_in(query, NAMES, [("Ana", "ana@example.com", "mia@example.com")]) == ("ana@example.com",)


def test_a_column_that_only_names_subjects_is_asked_of_the_source():
    query = Query.model_validate(OWN | {"subjects": ["staff_number", "email"]})
    assert query.result_columns == ("full_name", "email", "manager", "staff_number")


@pytest.mark.parametrize("nobody", [None, "", " ", 1.5, [], True])
def test_a_row_that_names_nobody_is_not_shown(nobody):
    query = Query.model_validate(OWN | {"subjects": ["email"]})
    with pytest.raises(SourceFailed):
        subjects_in(query, NAMES, [("Ana", nobody, "mia@example.com")])


def test_groups_and_what_is_not_personal_are_about_nobody():
    grouped = Query.model_validate(OWN | {"min_group": {"count": "people"}})
    public = Query.model_validate({"title": "Rooms", "columns": [NAME | {"class": "internal"}]})
    assert grouped.subject_columns == public.subject_columns == ()


def test_a_command_is_about_whom_its_parameters_name_or_else_its_user():
    own = {"title": "Change", "class": "personal", "parameters": {"who": {"type": "text", "label": "Who"}}}
    mine, theirs = Command.model_validate(own), Command.model_validate(own | {"subjects": ["who"]})
    bound = {"who": "Bob@example.com"}
    assert subjects_of(mine, bound, "ana@example.com") == ("ana@example.com",)
    assert subjects_of(theirs, bound, "ana@example.com") == ("bob@example.com",)
    assert subjects_of(mine.model_copy(update={"class_": "internal"}), {}, "ana@example.com") == ()


@pytest.mark.parametrize("who", [{}, {"who": TextParameter(type="text", label="Who", required=False)}])
def test_a_command_may_not_name_its_subject_by_what_may_be_left_out(who):
    with pytest.raises(ValidationError, match="required parameters"):
        Command(title="Change", class_="personal", parameters=who, subjects=("who",))
