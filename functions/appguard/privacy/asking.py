"""Asking the two functions that know of persons, from where no key may be read."""

from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from appguard.kernel.errors import AppGuardError, Unavailable
from appguard.privacy.model import Decision, Inquiry

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

ANSWER, DECIDE = "appguard-privacy-answer", "appguard-privacy-decide"


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


def ask(client: "LambdaClient", asked: Inquiry | Decision) -> dict[str, Any]:
    """The function's answer; raises what it refused."""
    name = ANSWER if isinstance(asked, Inquiry) else DECIDE
    reply = client.invoke(FunctionName=name, Payload=asked.model_dump_json().encode())
    body = reply["Payload"].read()
    if "FunctionError" in reply:
        raise Unavailable("The function that knows of persons failed")
    return _read(body)


def ask_here(asked: Inquiry | Decision) -> dict[str, Any]:
    """The same in this deployment."""
    return ask(_client(), asked)


@cache
def _client() -> "LambdaClient":
    import boto3  # noqa: PLC0415 - only on first use

    return boto3.client("lambda")


def _read(body: bytes) -> dict[str, Any]:
    import json  # noqa: PLC0415 - the portal's first request does without

    answer: dict[str, Any] = json.loads(body)
    if "error" not in answer:
        return answer
    try:
        error = _Error.model_validate(answer["error"])
    except ValidationError:
        raise Unavailable("The function that knows of persons cannot be understood") from None
    raise Refused(error)
