"""Which ledger a command speaks to: the account of the environment, or the local platform."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import typer

from appguard.kernel.errors import AppGuardError, NotFound

STACK = "appguard-data"
IMPOSSIBLE = 3
NAMED = (
    "AWS_ENDPOINT_URL",
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_ACCESS_KEY_ID",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
)
CHECK = "Start the local platform with `appguard up`, or set AWS_PROFILE and AWS_REGION."


@contextmanager
def told() -> Iterator[None]:
    """Turn what a deployment or AWS refuse into a message and exit code 3."""
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - slow to import

    try:
        yield
    except AppGuardError as error:
        raise failed(f"{error.message}. {error.advice}") from error
    except (BotoCoreError, ClientError) as error:
        raise failed(f"{error}. {CHECK}") from error
    except ValueError as error:
        raise failed(str(error)) from error


def failed(message: str, code: int = IMPOSSIBLE) -> typer.Exit:
    """Say why on stderr; raise what comes back."""
    typer.echo(message, err=True)
    return typer.Exit(code)


class Access:
    """Clients and names of one deployment."""

    def __init__(self) -> None:
        """Standard AWS variables decide; without any, the local platform of this checkout."""
        import boto3  # noqa: PLC0415 - `verify` runs without AWS

        words = {} if any(os.environ.get(name) for name in NAMED) else _local()
        self._client = boto3.Session(
            aws_access_key_id=words.get("key"),
            aws_secret_access_key=words.get("key"),
            region_name=words.get("region") or os.environ.get("AWS_REGION"),  # boto3 reads another name
        ).client
        self._endpoint = words.get("endpoint")

    def client(self, service: str) -> Any:
        """A client of `service`."""
        return self._client(service, endpoint_url=self._endpoint)  # type: ignore[call-overload]

    def name(self, variable: str, output: str) -> str:
        """A resource's name: from the environment, or from the outputs of our stack."""
        if variable in os.environ:
            return os.environ[variable]
        formation = self.client("cloudformation")
        try:
            [stack] = formation.describe_stacks(StackName=STACK)["Stacks"]
        except formation.exceptions.ClientError as error:
            raise NotFound(f"the stack {STACK} is not deployed here: {error}", CHECK) from error
        found = {one["OutputKey"]: one["OutputValue"] for one in stack["Outputs"]}
        if output not in found:
            raise NotFound(f"the stack {STACK} has no output {output}", f"Set {variable}.")
        return str(found[output])


def enter(**more: str) -> None:
    """Make this process one of the deployment's: contexts then find tables and buckets as functions do.

    `more` names further variables and the outputs of our stack they are in.
    """
    access, words = Access(), {} if any(os.environ.get(name) for name in NAMED) else _local()
    settings = {
        "CATALOG_TABLE": access.name("CATALOG_TABLE", "CatalogTable"),
        "OUTBOX_TABLE": access.name("OUTBOX_TABLE", "OutboxTable"),
        "ARTIFACTS_BUCKET": access.name("ARTIFACTS_BUCKET", "ArtifactsBucket"),
        **{variable: access.name(variable, output) for variable, output in more.items()},
    }
    if words:
        settings |= {
            "AWS_ENDPOINT_URL": words["endpoint"],
            "AWS_ACCESS_KEY_ID": words["key"],
            "AWS_SECRET_ACCESS_KEY": words["key"],
            "AWS_REGION": words["region"],
        }
    region = words.get("region") or os.environ.get("AWS_REGION")
    os.environ.update(settings | ({"AWS_DEFAULT_REGION": region} if region else {}))


def _local() -> dict[str, str]:
    """The local platform, when this is a checkout and it runs."""
    try:
        from infra.local import emulator, status  # noqa: PLC0415 - not part of an installation
    except ImportError:
        return {}
    endpoints = status.status().endpoints
    if endpoints is None:
        raise NotFound("no AWS account is named and the local platform does not run", CHECK)
    return {
        "endpoint": endpoints.aws_endpoint,
        "key": emulator.ROOT_KEY,
        "region": emulator.REGION,
    }
