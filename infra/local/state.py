"""What the local platform remembers between commands: its ports, and the APIs behind its origin."""

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
    """`platform.json`: where the platform is."""

    ports: Ports
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
