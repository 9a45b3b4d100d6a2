import pytest
from pydantic import ValidationError

from appguard.kernel.actions import Action
from appguard.siem.ocsf.catalogue import Told, classes, mapping
from appguard.siem.ocsf.event import OWN_ACTOR
from tests.support.ocsf import schema


def test_every_action_the_ledger_knows_is_mapped():
    assert set(mapping()) == set(Action)


def test_every_class_is_used_or_stands_for_the_unknown():
    assert {how.class_ for how in mapping().values()} == set(classes().classes) - {"base_event"}


@pytest.mark.parametrize("name", classes().classes)
def test_classes_say_what_the_public_schema_says(name):
    ours, theirs = classes().classes[name], schema()["classes"][name]
    assert (ours.uid, ours.caption) == (theirs["uid"], theirs["caption"])
    activities = {
        int(number): one["caption"] for number, one in theirs["attributes"]["activity_id"]["enum"].items()
    }
    assert {caption: activities[number] for caption, number in ours.activities.items()} == {
        caption: caption for caption in ours.activities
    }
    if ours.category:
        assert (ours.category, classes().categories[ours.category]) == (
            theirs["category_uid"],
            theirs["category_name"],
        )


def test_who_acted_is_told_in_the_classes_own_words_where_they_have_them():
    attributes = {name: schema()["classes"][name]["attributes"]["actor"] for name in classes().classes}
    assert {name for name, one in attributes.items() if not one.get("profile")} == OWN_ACTOR


def test_severities_are_those_of_the_public_schema():
    enum = schema()["classes"]["base_event"]["attributes"]["severity_id"]["enum"]
    assert {enum[str(number)]["caption"] for number in classes().severities.values()} == set(
        classes().severities
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"class": "application_lifecycle", "activity": "Dance"},
        {"class": "poetry", "activity": "Other"},
        {"class": "api_activity", "activity": "Create", "severity": "Grave"},
    ],
)
def test_a_line_that_ocsf_does_not_know_is_refused(wrong):
    with pytest.raises(ValidationError):
        Told.model_validate(wrong)
