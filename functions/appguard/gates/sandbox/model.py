"""What gates ask of the sandbox and what they hear back: the one door to code nobody trusts."""

from base64 import b64encode
from collections.abc import Mapping
from typing import Annotated, Any, Literal, NamedTuple, Protocol

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from appguard.runtime.broker_client import Rows
from appguard.runtime.pages import FormPage, QueryCall

Kind = Literal["passed", "skipped", "failed", "died", "escaped", "too-long", "not-run", "unreadable"]


class _Told(BaseModel):
    """Base of what crosses the border of the sandbox."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class FormQuestion(_Told):
    """What this form would send, filled in in each of these ways: an answer for each.

    `rows` are what queries answer to the app's own code, by `connector/query`.
    """

    kind: Literal["form"] = "form"
    page: FormPage
    ways: tuple[dict[str, JsonValue], ...]
    today: str
    rows: dict[str, Rows] = Field(default_factory=dict)


class SourceQuestion(_Told):
    """What the query of a table is sent with on such a day."""

    kind: Literal["source"] = "source"
    source: QueryCall
    today: str
    rows: dict[str, Rows] = Field(default_factory=dict)


class SchemaQuestion(_Told):
    """Whether these recorded examples keep this JSON Schema."""

    kind: Literal["schema"] = "schema"
    schema_: str = Field(alias="schema")
    examples: tuple[str, ...]


class Packages(_Told):
    """The archive of the app's packages: where the sandbox fetches it, and its digest."""

    url: str
    sha256: str


Question = FormQuestion | SourceQuestion | SchemaQuestion


class Asked(NamedTuple):
    """All that one gate asks of the sandbox: files with tests to run, questions, and the app's packages."""

    files: Mapping[str, bytes]
    questions: tuple[Question, ...]
    packages: Packages | None = None

    @property
    def expects(self) -> int:
        """How many answers it will get: a form has one for each way of filling it in."""
        return sum(len(asked.ways) if isinstance(asked, FormQuestion) else 1 for asked in self.questions)


class Answer(_Told):
    """One of: parameters, the fields refused, a problem (or none) for each example, why it failed."""

    parameters: dict[str, JsonValue] | None = None
    refused: tuple[str, ...] | None = None
    problems: tuple[Annotated[str, Field(max_length=500)], ...] | None = None
    failed: Annotated[str, Field(max_length=500)] | None = None


class Outcome(_Told):
    """How one test of the bundle ended."""

    path: str
    line: int
    name: str
    outcome: Kind
    detail: str


class SandboxReport(_Told):
    """What came of the tests and the questions, and which of the kernel's walls stood."""

    outcomes: tuple[Outcome, ...]
    answers: tuple[Answer, ...]
    unanswered: Literal["", "too-long", "died"]
    walls: frozenset[Literal["network", "files", "calls"]]


class Sandbox(Protocol):
    """A place where tested code can do no harm."""

    def run(
        self, files: Mapping[str, bytes], questions: tuple[Question, ...], packages: Packages | None = None
    ) -> SandboxReport:
        """Run the tests among `files`, answer the questions; raises `GateFailed` if it cannot be told."""
        ...


def request(
    files: Mapping[str, bytes], questions: tuple[Question, ...], packages: Packages | None = None
) -> dict[str, Any]:
    """The same as JSON."""
    return {
        "files": {path: b64encode(content).decode() for path, content in files.items()},
        "questions": [question.model_dump(mode="json", by_alias=True) for question in questions],
        "packages": packages and packages.model_dump(),
    }
