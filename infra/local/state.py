"""What the local platform remembers between commands: its ports, and what it started."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ValidationError

from infra.local.errors import LocalPlatformError
from infra.local.places import home
from infra.local.ports import free_ports
from infra.local.process import Process


class Ports(BaseModel, frozen=True):
    """Chosen once per installation, so that links and cookies outlive a restart."""

    front: int
    aws: int
    oidc: int
    postgres: int

    @classmethod
    def choose(cls) -> Self:
        """Four that are free now."""
        return cls(**dict(zip(cls.model_fields, free_ports(len(cls.model_fields)), strict=True)))


class State(BaseModel, frozen=True):
    """`platform.json`: everything needed to find and to stop the platform."""

    ports: Ports
    processes: dict[str, Process] = {}
    routes: tuple[str, str, str] | None = None

    @classmethod
    def load(cls) -> Self | None:
        """What was remembered; a file that cannot be read counts as nothing, the folders tell the rest."""
        try:
            return cls.model_validate_json(_file().read_bytes())
        except (FileNotFoundError, ValidationError):
            return None

    def save(self) -> Self:
        """Write it in one step, so that a killed command leaves the old file or the new one."""
        part = _file().with_suffix(".part")
        part.write_text(json.dumps(self.model_dump(mode="json"), indent=2) + "\n")
        part.replace(_file())
        return self

    def with_process(self, process: Process) -> Self:
        """Remember a process from the moment it exists."""
        return self.model_copy(update={"processes": {**self.processes, process.name: process}}).save()


@contextmanager
def only_one() -> Iterator[None]:
    """Let one `up` or `down` work at a time."""
    with (home() / "lock").open("w") as lock:
        try:
            flock(lock, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            raise LocalPlatformError(
                "another `appguard up` or `down` is at work", "Wait for it to end."
            ) from None
        yield


def _file() -> Path:
    return home() / "platform.json"
