"""`policies/secrets.yaml`: how old a secret may get, by its kind."""

from datetime import timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, field_validator, model_validator

from appguard.kernel.files import policies_dir
from appguard.kernel.record import Record

Days = Annotated[int, Field(ge=1, le=366)]


class SecretKind(StrEnum):
    """What a secret is for."""

    SESSION_KEY = "session_key"
    DATABASE_LOGIN = "database_login"
    ADMINISTRATOR = "administrator"


class AgeRule(Record):
    """When a secret is replaced, and from which age on somebody is told that it was not."""

    rotate_days: Days
    alarm_days: Days

    @property
    def rotate_after(self) -> timedelta:
        """The age at which it is replaced."""
        return timedelta(days=self.rotate_days)

    @property
    def alarm_after(self) -> timedelta:
        """The age that is too old."""
        return timedelta(days=self.alarm_days)

    @model_validator(mode="after")
    def _alarm_comes_after(self) -> Self:
        if self.alarm_days <= self.rotate_days:
            raise ValueError("alarm_days must be more than rotate_days, or every rotation is late")
        return self


class LoginRule(Record):
    """How long a database takes a password."""

    valid_days: Days
    overlap_minutes: Annotated[int, Field(ge=10, le=1440)]
    """More than brokers remember a login for, which is five minutes, and use a connection, which is four."""

    @property
    def valid(self) -> timedelta:
        """From its making on; a copy of it is worth nothing afterwards, whatever becomes of us."""
        return timedelta(days=self.valid_days)

    @property
    def overlap(self) -> timedelta:
        """After its successor came into force."""
        return timedelta(minutes=self.overlap_minutes)


class SecretPolicy(Record):
    """The whole file."""

    ages: dict[SecretKind, AgeRule]
    database_passwords: LoginRule

    @field_validator("ages")
    @classmethod
    def _names_every_kind(cls, ages: dict[SecretKind, AgeRule]) -> dict[SecretKind, AgeRule]:
        if missing := sorted(kind.value for kind in SecretKind if kind not in ages):
            raise ValueError(f"nothing is said of {', '.join(missing)}")
        return ages

    @model_validator(mode="after")
    def _passwords_outlive_their_alarm(self) -> Self:
        alarm_days = self.ages[SecretKind.DATABASE_LOGIN].alarm_days
        if self.database_passwords.valid_days <= alarm_days:
            raise ValueError("valid_days must be more than alarm_days, or apps stop before anybody is told")
        return self


def load(path: Path) -> SecretPolicy:
    """Read the file; raises `Misconfigured` when it is missing or says anything it should not."""
    from appguard.apps.yaml_model import yaml_model  # noqa: PLC0415 - YAML only where it is read

    return yaml_model(path, SecretPolicy)


@cache
def secret_policy() -> SecretPolicy:
    """The rules of this deployment."""
    return load(policies_dir() / "secrets.yaml")
