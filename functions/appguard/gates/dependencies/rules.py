"""What the platform team accepts: policies/dependencies.yaml."""

from pathlib import Path

import yaml
from pydantic import Field, ValidationError

from appguard.gates.model import GateFailed
from appguard.kernel.record import Record

FILE = "dependencies.yaml"


class Licences(Record):
    """SPDX identifiers; what stands in neither list is for a person to judge."""

    allowed: frozenset[str]
    denied: frozenset[str]


class Rules(Record):
    """The whole file."""

    advisories_max_age_days: int = Field(ge=1, le=365)
    release_min_age_days: int = Field(ge=0, le=365)
    licences: Licences
    popular: tuple[str, ...]


def load(policies: Path) -> Rules:
    """Read the file; one that cannot be read fails the gate."""
    try:
        return Rules.model_validate(yaml.safe_load((policies / FILE).read_text("utf-8")))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValidationError) as error:
        raise GateFailed(f"{FILE} cannot be read: {type(error).__name__}") from None
