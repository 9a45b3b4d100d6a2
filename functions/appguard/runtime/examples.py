"""What a form makes of given values: the examples of a manifest, in the preview and in the sandbox."""

from collections.abc import Mapping

from pydantic import JsonValue

from appguard.kernel.ids import PersonId
from appguard.kernel.person import Person
from appguard.runtime import mapping
from appguard.runtime.forms import TICKED, check
from appguard.runtime.pages import FormPage

SOMEBODY = Person(id=PersonId("sample-person"), email="sample.person@example.com", name="Sample Person")


def typed(given: Mapping[str, JsonValue]) -> dict[str, str]:
    """Values as a browser would send them: text, a ticked box as its value, an empty field not at all.

    >>> typed({"days": 2, "urgent": True, "note": None})
    {'days': '2', 'urgent': 'yes'}
    """
    ticked = {name: TICKED if value is True else value for name, value in given.items()}
    return {name: str(value) for name, value in ticked.items() if value is not None and value is not False}


def words(today: str) -> dict[str, JsonValue]:
    """What a mapping may name beside the values: a made-up user, and the day."""
    user: JsonValue = {"id": SOMEBODY.id, "email": SOMEBODY.email, "name": SOMEBODY.name}
    return {"user": user, "today": today}


def sent(page: FormPage, given: Mapping[str, JsonValue], today: str) -> dict[str, JsonValue]:
    """The `parameters` a submission of `given` would send, or the fields that are `refused`."""
    checked = check(page, typed(given))
    if checked.problems:
        return {"refused": [problem.field for problem in checked.problems]}
    return {"parameters": dict(mapping.parameters(page.submit.mapping, checked.given, **words(today)))}
