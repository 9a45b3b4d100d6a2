"""Questions about what a requester wrote that is no program: mappings, forms and schemas.

They are answered by our own code, in a process with the same walls: an expression may run away as
well as a program. No tested code runs here, so these answers cannot be forged. Where a form or table
calls the app's own code, that runs behind a line, as it will in the app, and is believed as little.
"""

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from appguard.runtime.trial.confinement import LINE, REPORT, confined, readable, stand_walls

if TYPE_CHECKING:
    from appguard.runtime.hooks import Run

CPU_SECONDS = 15
SCHEMA_SECONDS = 2.0

Question = Mapping[str, Any]
Answer = dict[str, Any]


def run(
    questions: Sequence[Question],
    path: Sequence[str],
    home: Path,
    report: int,
    parent: int,
    line: int | None = None,
) -> NoReturn:
    """Answer each question on a line of its own and leave; called right after the fork."""
    try:
        confined(report, parent, CPU_SECONDS, line)
        sys.path += path
        stand_walls(home, [*readable(), *map(Path, path)])
        with open(REPORT, "wb", closefd=False) as told:
            for question in questions:
                for said in answers(question, LINE if line is not None else None):
                    told.write(json.dumps(said).encode() + b"\n")
                    told.flush()
    finally:
        os._exit(0)


def how_many(question: Question) -> int:
    """How many answers a question has: a form has one for each way of filling it in."""
    return len(question["ways"]) if question["kind"] == "form" else 1


def answers(question: Question, line: int | None = None) -> Iterator[Answer]:
    """Each is `parameters`, the fields `refused`, `problems` of recorded examples, or why it `failed`."""
    match question["kind"]:
        case "form":
            yield from _form(question, line)
        case "source":
            yield _or_failed(lambda: _source(question, line))
        case "schema":
            yield _or_failed(lambda: _schema(question))


def _or_failed(work: Callable[[], Answer]) -> Answer:
    from appguard.kernel.errors import AppGuardError  # noqa: PLC0415 - the runner itself does without pydantic
    from appguard.runtime.refusal import BrokerRefused  # noqa: PLC0415

    try:
        return work()
    except AppGuardError as error:
        return {"failed": error.message}
    except BrokerRefused as refused:
        return {"failed": refused.refusal.message}
    except Exception as error:
        return {"failed": f"It stopped with {type(error).__name__}."}


def _form(question: Question, line: int | None) -> Iterator[Answer]:
    """What a form makes of the values, each time."""
    from appguard.runtime.examples import sent  # noqa: PLC0415
    from appguard.runtime.pages import FormPage  # noqa: PLC0415

    page, today = FormPage.model_validate(question["page"]), question["today"]
    for values in question["ways"]:
        yield _or_failed(partial(sent, page, values, today, _code(question, line)))


def _source(question: Question, line: int | None) -> Answer:
    """What a table page's query is sent with on such a day."""
    from appguard.runtime import hooks  # noqa: PLC0415
    from appguard.runtime.examples import words  # noqa: PLC0415
    from appguard.runtime.pages import QueryCall  # noqa: PLC0415

    source = QueryCall.model_validate(question["source"])
    return {"parameters": hooks.of_source(source, words(question["today"]), _code(question, line))}


def _code(question: Question, line: int | None) -> "Run":
    """The app's own code over made-up rows."""
    from appguard.runtime.hooks import no_code  # noqa: PLC0415

    if line is None:
        return no_code
    from appguard.runtime.examples import MadeUp  # noqa: PLC0415
    from appguard.runtime.logic.borrowed import borrowed  # noqa: PLC0415
    from appguard.runtime.made_up_rows import MadeUpRows  # noqa: PLC0415

    rows = {key: MadeUpRows.model_validate(found) for key, found in question["rows"].items()}
    return borrowed(line).within(MadeUp(rows).asking())


def _schema(question: Question) -> Answer:
    """Which recorded examples a JSON Schema refuses. References lead nowhere but into the schema itself."""
    from jsonschema import Draft202012Validator, SchemaError  # noqa: PLC0415
    from referencing import Registry  # noqa: PLC0415
    from referencing.exceptions import Unresolvable  # noqa: PLC0415

    from appguard.runtime.limits import OutOfTime, within  # noqa: PLC0415

    try:
        with within(SCHEMA_SECONDS):
            schema = json.loads(question["schema"])
            if not isinstance(schema, dict | bool):
                return {"failed": "The schema is neither an object nor true or false."}
            Draft202012Validator.check_schema(schema)
            validator = Draft202012Validator(schema, registry=Registry())
            return {"problems": [_told(validator, text) for text in question["examples"]]}
    except SchemaError as error:
        return {"failed": f"The schema is no JSON Schema of draft 2020-12 at {error.json_path:.100}."}
    except OutOfTime:
        return {"failed": f"Validating took longer than {SCHEMA_SECONDS:g} seconds."}
    except (Unresolvable, ValueError, RecursionError):
        return {"failed": "The schema is no JSON, leads outside itself, or goes round in circles."}


def _told(validator: Any, text: str) -> str:
    """Where an example breaks the schema and by which word of it, without its values; empty if nowhere."""
    try:
        instance = json.loads(text)
    except (ValueError, RecursionError):
        return "it is not JSON"
    error = next(iter(validator.iter_errors(instance)), None)
    return f"{error.json_path:.100} breaks “{error.validator}”" if error else ""
