"""What an operator with all rights sees of the local platform: to check the story, never to push it on."""

import json
import time
from collections.abc import Callable
from functools import cache, cached_property
from typing import Any, TypeVar
from urllib.parse import urlsplit
from urllib.request import urlopen

import boto3

from infra.local import postgres, seeds
from infra.local.platform import Endpoints
from infra.local.story.teller import NotAsTold

Found = TypeVar("Found")
ACCOUNT_KEYS = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": "us-east-1"}


class Ground:
    """The emulator's APIs with the root key, and the database as superuser."""

    def __init__(self, endpoints: Endpoints) -> None:
        """Look at the emulator and the database of a running platform."""
        self.endpoint = endpoints.aws_endpoint
        self.postgres_port = int(urlsplit(endpoints.postgres).port or 0)

    def client(self, service: str, **credentials: str) -> Any:
        """A boto3 client of this emulator; other `credentials` act as somebody with fewer rights."""
        return _client(service, self.endpoint, **(ACCOUNT_KEYS | credentials))

    @cached_property
    def outputs(self) -> dict[str, str]:
        """The outputs of our stacks by name."""
        cloudformation = self.client("cloudformation")
        return {
            output["OutputKey"]: output["OutputValue"]
            for stack in ("appguard-data", "appguard-platform")
            for output in cloudformation.describe_stacks(StackName=stack)["Stacks"][0].get("Outputs", [])
        }

    def invoke(self, function: str, event: dict[str, Any]) -> Any:
        """Call a function as its schedule would; raises `NotAsTold` with its error."""
        reply = self.client("lambda").invoke(FunctionName=function, Payload=json.dumps(event).encode())
        payload = json.loads(reply["Payload"].read() or b"null")
        if "FunctionError" in reply:
            raise NotAsTold(f"{function} failed: {payload}")
        return payload

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """What the database really holds, whoever may see it."""
        with postgres.connect(self.postgres_port, seeds.DATABASE) as connection:
            return connection.execute(sql.encode(), values).fetchall()

    def run(self, sql: str) -> None:
        """Change the database as superuser: time passes, or somebody meddles."""
        with postgres.connect(self.postgres_port, seeds.DATABASE) as connection:
            connection.execute(sql.encode())

    def mail_to(self, address: str) -> list[dict[str, Any]]:
        """E-mails the platform sent to `address`, oldest first."""
        with urlopen(f"{self.endpoint}/_ministack/ses/messages", timeout=10) as reply:  # noqa: S310 - loopback
            by_account: dict[str, list[dict[str, Any]]] = json.load(reply)["messages"]
        return [mail for mails in by_account.values() for mail in mails if address in json.dumps(mail)]


@cache
def _client(service: str, endpoint: str, **credentials: str) -> Any:
    """Made once: to make a client takes longer than most of its calls."""
    return boto3.client(service, endpoint_url=endpoint, **credentials)  # type: ignore[call-overload]


def until(look: Callable[[], Found | None], what: str, seconds: float = 180) -> Found:
    """What `look` finds, asked four times a second; raises `NotAsTold` when it does not come."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(0.25)
    raise NotAsTold(f"waited {seconds:.0f} s in vain for {what}")
