"""The body of a request: small, plain JSON, and only the words we know."""

from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue, StringConstraints, ValidationError

from appguard.connectors.rules import FileFormat
from appguard.kernel.errors import Invalid, TooLarge
from appguard.kernel.strict_json import parse

MAX_BODY = 64 * 1024


class Asked(BaseModel):
    """What a query or a command is given."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, hide_input_in_errors=True)

    parameters: dict[str, JsonValue] = Field(default_factory=dict, max_length=50)

    @classmethod
    def read(cls, body: bytes) -> Self:
        """Parse a body; raises `TooLarge` or `Invalid` without repeating what it holds."""
        if len(body) > MAX_BODY:
            raise TooLarge(f"the body exceeds {MAX_BODY} bytes")
        try:
            return cls.model_validate(_json(body or b"{}"))
        except ValidationError as error:
            known = ", ".join(cls.model_fields)
            wrong = {str(e["loc"][0]) for e in error.errors() if e["loc"]} & set(cls.model_fields)
            named = ", ".join(sorted(wrong)) or "its members"
            raise Invalid(f"the body does not have the expected form ({named}); known are {known}") from None


class ExportAsked(Asked):
    """What an export is given: also the kind of file, and what it is for."""

    format: FileFormat
    purpose: Annotated[str, StringConstraints(strip_whitespace=True, min_length=10, max_length=300)]


def _json(body: bytes) -> Any:
    try:
        return parse(body)
    except ValueError:
        raise Invalid("the body is not JSON") from None
