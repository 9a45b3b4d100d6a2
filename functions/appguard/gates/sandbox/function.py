"""The sandbox of the platform: a Lambda function whose role may do nothing."""

import json
from collections.abc import Mapping

from pydantic import ValidationError

from appguard.gates.model import GateFailed
from appguard.gates.sandbox.model import Packages, Question, SandboxReport, request

LARGEST = 6_000_000
"""Lambda takes 6 MB in one call."""


class FunctionSandbox:
    """The function of that name."""

    def __init__(self, name: str) -> None:
        """Ask `name`; the client is made when it is first asked."""
        self._name = name

    def run(
        self, files: Mapping[str, bytes], questions: tuple[Question, ...], packages: Packages | None = None
    ) -> SandboxReport:
        """Run it there."""
        payload = json.dumps(request(files, questions, packages)).encode()
        if len(payload) > LARGEST:
            raise GateFailed("the bundle is too large for the sandbox; leave out what its tests do not need")
        import boto3  # noqa: PLC0415 - on first use

        answer = boto3.client("lambda").invoke(FunctionName=self._name, Payload=payload)
        if "FunctionError" in answer:
            raise GateFailed("the sandbox ended without a report")
        try:
            return SandboxReport.model_validate_json(answer["Payload"].read())
        except ValidationError:
            raise GateFailed("the sandbox's report cannot be read") from None
