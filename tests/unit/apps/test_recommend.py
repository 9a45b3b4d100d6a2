import pytest
from hypothesis import given
from hypothesis import strategies as st

from appguard.apps.recommend import recommend
from appguard.apps.templates import templates
from appguard.kernel.levels import DataClass


@pytest.mark.parametrize(
    ("purpose", "name"),
    [
        ("Track who takes annual leave, in one place.", "hr-self-service"),
        ("See how many days of vacation are left.", "hr-self-service"),
        ("Tell facilities what is broken", "office-self-service"),
        ("Report a defect of the equipment in a meeting room", "office-self-service"),
    ],
)
def test_what_is_written_recommends_a_template(purpose: str, name: str) -> None:
    assert recommend(purpose).template.name == name


def test_the_reason_names_the_words_and_the_data() -> None:
    found = recommend("Absences and leaves of our team", DataClass.PERSONAL)
    assert "“leaves”" in found.reason
    assert found.reason.endswith("It is made for personal data, as you chose.")


def test_where_the_words_are_undecided_the_data_decides() -> None:
    purpose = "leave broken"
    names = {
        choice: recommend(purpose, choice).template.name
        for choice in (DataClass.PERSONAL, DataClass.INTERNAL)
    }
    assert names == {DataClass.PERSONAL: "hr-self-service", DataClass.INTERNAL: "office-self-service"}


@pytest.mark.parametrize("purpose", ["", "zzz", "the and for with", "12 34", "🙂"])
def test_nothing_is_recommended_for_nothing(purpose: str) -> None:
    assert recommend(purpose, DataClass.PERSONAL) is None


@given(st.text(max_size=200), st.sampled_from([None, *DataClass]))
def test_the_same_words_give_the_same_answer(purpose: str, chosen: DataClass | None) -> None:
    assert recommend(purpose, chosen) == recommend(purpose, chosen)


class Says:
    def __init__(self, answer: str | None) -> None:
        self.answer = answer

    def choose(self, *_: object) -> str | None:
        return self.answer


def test_a_ranker_chooses_among_what_there_is_or_is_not_heard() -> None:
    purpose = "Track annual leave"
    assert (
        recommend(purpose, None, Says("office-self-service")).template is templates()["office-self-service"]
    )
    for odd in (None, "", "none", "../../etc", "hr-self-service@1", "HR-SELF-SERVICE"):
        assert recommend(purpose, None, Says(odd)) == recommend(purpose)
