"""Settings are one frozen model per function, read from the environment once."""

import os
from typing import Self

from pydantic import BaseModel, ConfigDict, ValidationError

from appguard.kernel.errors import Misconfigured


class Settings(BaseModel):
    """Base of every function's settings. Field aliases are the names of environment variables.

    The infrastructure builds the same model to fill a function's environment, so that
    a missing variable fails the synthesis and not the first call.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    @classmethod
    def from_env(cls) -> Self:
        """Read the environment; raises `Misconfigured` naming what is missing or wrong."""
        try:
            return cls.model_validate(dict(os.environ))
        except ValidationError as error:
            wrong = ", ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
            raise Misconfigured(f"{cls.__name__} cannot be read from the environment ({wrong})") from None

    def environment(self) -> dict[str, str]:
        """The environment variables that would read back as these settings."""
        dumped = self.model_dump(mode="json", by_alias=True, exclude_none=True)
        return {name: str(value) for name, value in dumped.items()}
