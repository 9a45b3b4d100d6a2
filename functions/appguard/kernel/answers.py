"""What one function answers another: its result, or an error in its machine-readable form."""

import json
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from appguard.kernel.errors import AppGuardError, Unavailable


class _Error(BaseModel):
    code: str
    message: str
    remediation: str


class Refused(AppGuardError):
    """What the function refused; `code` is its own."""

    status = 409

    def __init__(self, error: _Error) -> None:
        """The same error as there."""
        super().__init__(error.message, error.remediation)
        self.code = error.code  # type: ignore[misc]


def answer_of(reply: Mapping[str, Any], who: str) -> dict[str, Any]:
    """The result in Lambda's reply to an invocation; raises as `result_of` does, or `Unavailable`."""
    body = reply["Payload"].read()
    if "FunctionError" in reply:
        raise Unavailable(f"{who} failed")
    return result_of(body, who)


def result_of(body: bytes, who: str) -> dict[str, Any]:
    """What `who` answered; raises what it refused, or `Unavailable` for what cannot be understood."""
    answer: dict[str, Any] = json.loads(body)
    if "error" not in answer:
        return answer
    try:
        error = _Error.model_validate(answer["error"])
    except ValidationError:
        raise Unavailable(f"{who} cannot be understood") from None
    raise Refused(error)
