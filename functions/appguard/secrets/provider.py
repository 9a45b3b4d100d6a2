"""Where secrets are kept, as everybody else sees it.

A secret has at most one value in force (`current`), one that is to follow it (`pending`), and the one
before it (`previous`), which the provider keeps for as long as it likes.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Protocol

from appguard.secrets.names import SecretName
from appguard.secrets.settings import SecretSettings


class Stage(StrEnum):
    """Which of a secret's values."""

    CURRENT = "current"
    PENDING = "pending"
    PREVIOUS = "previous"


@dataclass(frozen=True)
class Value:
    """One value of a secret and the provider's name for it. Printing it shows the name alone."""

    version: str
    text: str = field(repr=False)


class Provider(Protocol):
    """Keeps secrets by name."""

    def read(self, name: SecretName, stage: Stage = Stage.CURRENT) -> Value | None:
        """The secret's value at this stage; None when there is none."""
        ...

    def stage(self, name: SecretName, text: str) -> Value:
        """Keep `text` as what is to follow the current value; makes the secret when there is none."""
        ...

    def promote(self, name: SecretName, pending: Value) -> None:
        """Put the pending value in force; doing it again changes nothing. It stays marked as pending."""
        ...

    def settle(self, name: SecretName, pending: Value) -> None:
        """Nothing is pending any more: the value is in force, or was given up."""
        ...

    def changed_at(self, name: SecretName) -> datetime | None:
        """Since when the current value is what it is; None when there is no such secret."""
        ...

    def delete(self, name: SecretName) -> None:
        """Forget the secret for good; it is fine if there is none."""
        ...


@cache
def provider() -> Provider:
    """Where this deployment keeps the secrets of connectors and the logins of apps."""
    settings = SecretSettings.from_env()
    if settings.provider == "vault":
        from appguard.secrets.vault import vault  # noqa: PLC0415 - only what was chosen is loaded

        return vault(settings)
    return apps_own()


@cache
def apps_own() -> Provider:
    """Where apps' session keys are: their stacks make them, and their own roles read nothing else."""
    from appguard.secrets.store import secrets_manager  # noqa: PLC0415 - made on first use

    return secrets_manager()
