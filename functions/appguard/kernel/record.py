"""The base of every record a context keeps."""

from pydantic import BaseModel, ConfigDict


class Record(BaseModel):
    """Base of what is stored: unchangeable, and nothing it does not name."""

    model_config = ConfigDict(frozen=True, extra="forbid")
