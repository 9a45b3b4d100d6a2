"""`policies/controls.yaml`: the controls of each framework, and which statements prove them."""

import re
from enum import StrEnum
from functools import cache
from pathlib import Path

from pydantic import Field, field_validator

from appguard.kernel.files import policies_dir
from appguard.kernel.record import Record
from appguard.reports.checks import CHECKS


class FrameworkName(StrEnum):
    """The frameworks reports are made for, as people type them."""

    SOC2 = "soc2"
    ISO27001 = "iso27001"
    NIST80053 = "nist80053"


class Every(StrEnum):
    """How often a report is made without being asked for."""

    WEEK = "week"
    MONTH = "month"


class Control(Record):
    """One control: its title, and the statements that speak for it. Rules name it in their METADATA."""

    title: str = Field(min_length=3, max_length=160)
    checks: tuple[str, ...] = ()

    @field_validator("checks")
    @classmethod
    def _known(cls, checks: tuple[str, ...]) -> tuple[str, ...]:
        if strangers := sorted(set(checks) - set(CHECKS)):
            raise ValueError(f"there is no check {', '.join(strangers)}")
        return checks


class Framework(Record):
    """One framework. `prefix` is how rules begin the names of its controls, `source` where it is defined."""

    title: str
    prefix: str = Field(pattern=r"^[A-Z0-9]+-$")
    source: str = Field(pattern=r"^https://")
    every: tuple[Every, ...] = ()
    controls: dict[str, Control] = Field(min_length=1)

    def ordered(self) -> list[tuple[str, Control]]:
        """The controls as people count them: A.5.9 before A.5.10."""
        return sorted(self.controls.items(), key=lambda item: _natural(item[0]))


class Catalogue(Record):
    """The whole file."""

    frameworks: dict[FrameworkName, Framework]


def _natural(name: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.findall(r"\d+|\D+", name)]


def load(path: Path) -> Catalogue:
    """Read the file; raises `Misconfigured` when it is missing or says anything it should not."""
    from appguard.apps.yaml_model import yaml_model  # noqa: PLC0415 - YAML only where it is read

    return yaml_model(path, Catalogue)


@cache
def catalogue() -> Catalogue:
    """The catalogue of this deployment."""
    return load(policies_dir() / "controls.yaml")
