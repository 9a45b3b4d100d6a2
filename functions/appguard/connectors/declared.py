"""The ground of everything read from a connector file."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,62}$")]
"""Name of a query, a command, a column or a parameter."""


class Declared(BaseModel):
    """Base of everything read from a connector file: frozen, and unknown words are mistakes."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)
