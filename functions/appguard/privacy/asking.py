"""Asking the two functions that know of persons, from where no key may be read."""

from functools import cache
from typing import TYPE_CHECKING, Any

from appguard.kernel.answers import answer_of
from appguard.privacy.model import Decision, Inquiry

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

ANSWER, DECIDE = "appguard-privacy-answer", "appguard-privacy-decide"
WHO = "The function that knows of persons"


def ask(client: "LambdaClient", asked: Inquiry | Decision) -> dict[str, Any]:
    """The function's answer; raises what it refused."""
    name = ANSWER if isinstance(asked, Inquiry) else DECIDE
    reply = client.invoke(FunctionName=name, Payload=asked.model_dump_json().encode())
    return answer_of(reply, WHO)


def ask_here(asked: Inquiry | Decision) -> dict[str, Any]:
    """The same in this deployment."""
    return ask(_client(), asked)


@cache
def _client() -> "LambdaClient":
    import boto3  # noqa: PLC0415 - only on first use

    return boto3.client("lambda")
