"""Which sandbox this deployment has."""

from functools import cache

from pydantic import Field

from appguard.gates.sandbox.function import FunctionSandbox
from appguard.gates.sandbox.local import LocalSandbox
from appguard.gates.sandbox.model import Sandbox
from appguard.kernel.settings import Settings


class SandboxSettings(Settings):
    """The function that runs tests; without one, a process of this machine does."""

    tests_function: str = Field(default="", alias="SANDBOX_TESTS_FUNCTION")


@cache
def sandbox() -> Sandbox:
    """The sandbox by the settings of this process."""
    name = SandboxSettings.from_env().tests_function
    return FunctionSandbox(name) if name else LocalSandbox()
