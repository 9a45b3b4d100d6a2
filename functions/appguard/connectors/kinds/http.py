"""HTTP: a query is one GET, a command one POST, PUT or PATCH, to the one server the file names.

Host, method and shape of a request stand in the file. A parameter fills a whole segment of the path, a
value of the query string or a member of the body; nothing else of a request can come from an app.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Annotated, Literal, Self
from urllib.parse import SplitResult, urlsplit

from pydantic import Field, StringConstraints, field_validator, model_validator

from appguard.connectors.declared import Name
from appguard.connectors.kinds.values import (
    FromIdentity,
    FromParameter,
    Value,
    all_used,
    always_there,
    bound_to_user,
)
from appguard.connectors.model import Command, Connector, Operation, Query

_MEMBER = r"[A-Za-z_@$][A-Za-z0-9_@$-]*"
MemberPath = Annotated[str, StringConstraints(pattern=rf"^{_MEMBER}(\.{_MEMBER}){{0,5}}$")]
"""Where a value stands in a document: `a.b`."""

ListPath = Annotated[str, StringConstraints(pattern=rf"^({_MEMBER}(\.{_MEMBER}){{0,5}})?(\[\*\])?$")]
"""Where the rows stand: `a.b[*]` is a list there, `[*]` the whole answer as a list, `a.b` one row."""

QueryKey = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.\[\]-]{1,64}$")]

_IDENTITIES: Mapping[str, Value] = {
    "appguard_user": FromIdentity(identity="user"),
    "appguard_app": FromIdentity(identity="app"),
}
_SEGMENT = re.compile(r"[A-Za-z0-9_.~@:-]+")
_FILLED = re.compile(r"\{([a-z][a-z0-9_]*)\}")


class Request(Operation):
    """One request to the connector's server."""

    path: str = Field(max_length=500, pattern=r"^/")
    """Below the base address. A segment is a word, or `{name}` of a parameter, `{appguard_user}` or
    `{appguard_app}`."""
    query: Mapping[QueryKey, Value] = Field(default_factory=dict, max_length=30)
    """The query string; an optional parameter that is left out is left out here."""

    @cached_property
    def segments(self) -> tuple[str | Value, ...]:
        """The path's segments: words, and where the values of the others come from."""
        return tuple(map(_segment, self.path[1:].split("/")))

    @property
    def in_path(self) -> list[Value]:
        """The values that fill segments."""
        return [segment for segment in self.segments if not isinstance(segment, str)]

    @property
    def values(self) -> Iterator[Value]:
        """Every value that is sent."""
        yield from (*self.in_path, *self.query.values())

    @model_validator(mode="after")
    def _path_and_parameters_agree(self) -> Self:
        """Exactly the declared parameters are sent, and no segment can be missing."""
        if taken := _IDENTITIES.keys() & self.parameters.keys():
            raise ValueError(f"parameters must not be called {sorted(taken)}")
        all_used(self, self.values)
        always_there(self, self.in_path)
        return self


class HttpQuery(Query, Request):
    """A GET whose answer is JSON."""

    rows: ListPath = "[*]"
    paths: Mapping[Name, MemberPath] = Field(default_factory=dict)
    """Where each column stands in a row, if not under its own name."""
    none_on_404: bool = False
    """Whether the server says 404 when there are no rows."""

    def place(self, column: Name) -> str:
        """Where a column's value stands in a row."""
        return self.paths.get(column, column)

    @model_validator(mode="after")
    def _paths_belong_to_columns(self) -> Self:
        if strangers := set(self.paths) - set(self.result_columns):
            raise ValueError(f"paths of no column: {sorted(strangers)}")
        return self


class HttpCommand(Command, Request):
    """A change: the body holds the declared members and nothing else."""

    method: Literal["POST", "PUT", "PATCH"]
    body: Mapping[MemberPath, Value] = Field(min_length=1, max_length=50)
    refusals: Mapping[Annotated[int, Field(ge=400, le=499)], str] = Field(default_factory=dict)
    """What to tell the user for each status with which the server refuses on purpose."""

    @property
    def values(self) -> Iterator[Value]:
        """Every value that is sent."""
        yield from super().values
        yield from self.body.values()

    @model_validator(mode="after")
    def _body_is_a_tree_about_the_user(self) -> Self:
        """No member is both a value and an object; nothing is sent above the class that is accepted."""
        for name, parameter in self.parameters.items():
            if parameter.class_ > self.class_:
                raise ValueError(f"{name} is {parameter.class_}, above what the command's class accepts")
        for path in self.body:
            if any(other.startswith(f"{path}.") for other in self.body):
                raise ValueError(f"{path} in the body is both a value and an object")
        bound_to_user(self.highest, list(self.values), "path, query or body")
        return self


class HttpConnector(Connector):
    """An API on one server. Together the connectors' servers are all that the broker talks to."""

    kind: Literal["http"]
    base_url: str = Field(max_length=300)
    private: bool = False
    """Whether the server may have a private address. Link-local ones are never reached."""
    response_bytes: int = Field(default=1024 * 1024, ge=1024, le=8 * 1024 * 1024)
    """More than this is not read of an answer, whatever is made of it."""
    queries: Mapping[Name, HttpQuery] = Field(default_factory=dict)
    commands: Mapping[Name, HttpCommand] = Field(default_factory=dict)

    @cached_property
    def address(self) -> SplitResult:
        """The base address in its parts."""
        return urlsplit(self.base_url)

    @field_validator("base_url")
    @classmethod
    def _base_is_a_plain_https_address(cls, url: str) -> str:
        parts = urlsplit(url)
        plain = re.fullmatch(r"https://[a-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9_.~-]+)*", url)
        if not plain or not parts.hostname or ".." in url:
            raise ValueError(
                "base_url must be https://host[:port][/path] in lower case, without / at its end"
            )
        return url


def _segment(text: str) -> str | Value:
    """A word of the path, or where the value that fills it comes from."""
    if filled := _FILLED.fullmatch(text):
        return _IDENTITIES.get(filled[1]) or FromParameter(parameter=filled[1])
    if not _SEGMENT.fullmatch(text) or set(text) == {"."}:
        raise ValueError(f"a segment of the path must be a word or {{name}}; {text!r} is not")
    return text
