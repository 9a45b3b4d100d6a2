import pytest

from appguard.runtime.examples import sent, typed
from appguard.runtime.hooks import no_code
from appguard.runtime.pages import FormPage

PAGE = FormPage.model_validate(
    {
        "type": "form",
        "id": "ask",
        "title": "Ask",
        "fields": [
            {"type": "checkbox", "name": "urgent", "label": "Urgent", "required": True},
            {"type": "number", "name": "amount", "label": "Amount"},
        ],
        "submit": {"connector": "hr-db", "command": "request_leave"},
    }
)


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"a": True}, {"a": "yes"}),
        ({"a": False, "b": None}, {}),
        ({"a": 2, "b": 1.5}, {"a": "2", "b": "1.5"}),
    ],
)
def test_values_become_what_a_browser_sends(given: dict, text: dict) -> None:
    assert typed(given) == text


def test_a_ticked_box_reaches_the_form_as_ticked() -> None:
    assert sent(PAGE, {"urgent": True, "amount": 1.5}, "2026-06-15", no_code) == {
        "parameters": {"urgent": True, "amount": 1.5}
    }
    assert sent(PAGE, {"amount": 1.5}, "2026-06-15", no_code) == {"refused": ["urgent"]}
