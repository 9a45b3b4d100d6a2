"""From a form as it was typed to what is sent: the same way for people, previews and examples."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from appguard.runtime import hooks
from appguard.runtime.forms import Problem, Submitted, check
from appguard.runtime.hooks import Run, Words
from appguard.runtime.mapping import Scalar
from appguard.runtime.pages import FormPage


@dataclass(frozen=True)
class Submission:
    """Either problems, or the parameters of the page's command."""

    problems: tuple[Problem, ...] = ()
    parameters: Mapping[str, Scalar] = field(default_factory=dict)


def submission(page: FormPage, submitted: Submitted, words: Words, run: Run) -> Submission:
    """Check the fields, then by the page's own code, then make the parameters.

    Raises `MappingFailed`, `LogicFailed`, or `BrokerRefused` for what the code asked.
    """
    checked = check(page, submitted)
    if problems := checked.problems or hooks.problems(page, checked, words, run):
        return Submission(problems)
    return Submission(parameters=hooks.of_form(page, checked, words, run))
