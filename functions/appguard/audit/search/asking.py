"""Asking the function that searches, from where neither its engine nor its rights are."""

from functools import cache
from typing import TYPE_CHECKING, Any

from appguard.audit.search.flow import Flow
from appguard.audit.search.model import Answer, Asking, Flowing, Question, Showing, Shown
from appguard.kernel.answers import answer_of
from appguard.kernel.event import Actor

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

FUNCTION = "appguard-audit-search-answer"
WHO = "The function that searches the ledger"


def find(client: "LambdaClient", question: Question, by: Actor) -> Answer:
    """A page of hits, once it is recorded who asked; raises what was refused."""
    asking = Asking.model_validate({**dict(question), "by": by})
    return Answer.model_validate(_ask(client, asking))


def show(client: "LambdaClient", asked: Showing) -> Shown:
    """One entry and its proof; raises what was refused."""
    return Shown.model_validate(_ask(client, asked))


def flow_of(client: "LambdaClient", asked: Flowing) -> Flow:
    """The figures of a period; raises what was refused."""
    return Flow.model_validate(_ask(client, asked))


def _ask(client: "LambdaClient", asked: Asking | Showing | Flowing) -> dict[str, Any]:
    reply = client.invoke(FunctionName=FUNCTION, Payload=asked.model_dump_json().encode())
    return answer_of(reply, WHO)


@cache
def client_here() -> "LambdaClient":
    """Calls functions of this deployment."""
    import boto3  # noqa: PLC0415 - only on first use

    return boto3.client("lambda")
