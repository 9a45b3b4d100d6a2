"""What a form makes of given values: the examples of a manifest, in the preview and in the sandbox."""

from collections.abc import Mapping

from pydantic import JsonValue

from appguard.kernel.ids import ConnectorName, PersonId
from appguard.kernel.person import Person
from appguard.runtime.forms import TICKED
from appguard.runtime.hooks import Run
from appguard.runtime.logic.asking import Asking, Read
from appguard.runtime.made_up_rows import MadeUpRows
from appguard.runtime.pages import FormPage, QueryCall
from appguard.runtime.rows import Rows
from appguard.runtime.submission import submission

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


def sent(page: FormPage, given: Mapping[str, JsonValue], today: str, run: Run) -> dict[str, JsonValue]:
    """The `parameters` a submission of `given` would send, or the fields that are `refused`."""
    made = submission(page, typed(given), words(today), run)
    if made.problems:
        return {"refused": [problem.field for problem in made.problems]}
    return {"parameters": dict(made.parameters)}


class MadeUp:
    """What the broker would answer, from rows that belong to nobody."""

    def __init__(self, answers: Mapping[str, MadeUpRows]) -> None:
        """Answer `connector/query` with these rows; refuse what is not among them."""
        self._answers = answers

    def query(self, call: QueryCall, parameters: Mapping[str, JsonValue]) -> Rows:
        """The rows, narrowed by the parameters."""
        return self._answers[f"{call.connector}/{call.query}"].answering(parameters)

    def asking(self) -> Asking:
        """The same for one request of an app's own code."""
        pairs = (key.split("/") for key in self._answers)
        granted = [Read(connector=ConnectorName(name), query=query) for name, query in pairs]
        return Asking(granted, self.query)
