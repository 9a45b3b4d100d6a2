import pytest

from appguard.kernel.levels import RiskTier
from appguard.portal.intent import ADVICE, FormProblems, read, risk_so_far, slug

FORM = {
    "name": "Leave request",
    "purpose": "Replace the leave spreadsheet.",
    "team": "People",
    "users": "employees",
    "data_class": "personal",
    "criticality": "low",
    "template": "hr-self-service",
}


def test_an_address_is_made_from_the_name():
    assert read(FORM).app_id == "leave-request"
    assert slug("2 Ways to  São Paulo!") == "ways-to-s-o-paulo"
    assert slug("Budget 2027") == "budget-2027"


def test_a_given_address_wins():
    assert read(FORM | {"app_id": "holidays"}).app_id == "holidays"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("name", ""),
        ("name", "x" * 81),
        ("name", "a\x1b[31m"),
        ("app_id", "Has Spaces"),
        ("app_id", "../etc"),
        ("team", " "),
        ("purpose", "too short"),
        ("users", "everybody"),
        ("data_class", ""),
        ("criticality", "extreme"),
    ],
)
def test_a_wrong_answer_gets_advice_for_its_field(name, value):
    with pytest.raises(FormProblems) as caught:
        read(FORM | {name: value})
    assert caught.value.by_field[name] == ADVICE[name]


def test_the_risk_is_told_once_users_data_and_importance_are_chosen():
    assert risk_so_far({"users": "team", "data_class": "public"}) is None
    assert risk_so_far({"users": "team", "data_class": "public", "criticality": "low"}).tier is RiskTier.LOW
    assert (
        risk_so_far({"users": "public", "data_class": "personal", "criticality": "low"}).tier is RiskTier.HIGH
    )
