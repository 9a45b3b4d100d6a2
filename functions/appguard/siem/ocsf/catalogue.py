"""Which OCSF class, activity and severity tell an action: `classes.yaml` and `mapping.yaml`."""

from functools import cache
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, RootModel, model_validator

from appguard.apps.yaml_model import yaml_model
from appguard.kernel.actions import Action
from appguard.kernel.record import Record

FOLDER = Path(__file__).parent
ClassName = Annotated[str, Field(pattern=r"^[a-z_]+$")]


class OcsfClass(Record):
    """One class, as far as we use it."""

    uid: int
    caption: str
    category: int
    activities: dict[str, int]


class Classes(Record):
    """The release of OCSF and what we use of it."""

    version: str
    categories: dict[int, str]
    severities: dict[str, int]
    classes: dict[ClassName, OcsfClass]


class Told(Record):
    """How an action is told."""

    class_: ClassName = Field(alias="class")
    activity: str
    severity: str | None = None

    @model_validator(mode="after")
    def _means_something(self) -> Self:
        known = classes()
        if self.class_ not in known.classes or self.activity not in known.classes[self.class_].activities:
            raise ValueError(f"{self.class_} with activity {self.activity} is not in classes.yaml")
        if self.severity and self.severity not in known.severities:
            raise ValueError(f"{self.severity} is no severity")
        return self

    @property
    def ocsf(self) -> OcsfClass:
        """The class itself."""
        return classes().classes[self.class_]


class Mapping(RootModel[dict[Action, Told]]):
    """The whole of `mapping.yaml`."""


UNKNOWN = {"class": "base_event", "activity": "Other"}
"""What a later version recorded before this one was deployed again: told, with all it says unmapped."""


@cache
def classes() -> Classes:
    """What `classes.yaml` says."""
    return yaml_model(FOLDER / "classes.yaml", Classes)


@cache
def mapping() -> dict[Action, Told]:
    """What `mapping.yaml` says."""
    return yaml_model(FOLDER / "mapping.yaml", Mapping).root


def told(action: str) -> Told:
    """How `action` is told; as a base event when no line speaks of it."""
    try:
        return mapping()[Action(action)]
    except ValueError:
        return Told.model_validate(UNKNOWN)
