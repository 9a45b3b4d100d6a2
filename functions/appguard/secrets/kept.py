"""What a run of the keeper did, and what it left to the next one."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from pydantic import BaseModel, Field

from appguard.kernel.errors import AppGuardError
from appguard.secrets.names import SecretName

logger = logging.getLogger(__name__)


class Kept(BaseModel):
    """What a run did, by name of secret, and what the next one has to look at again."""

    made: list[SecretName] = Field(default_factory=list)
    rotated: list[SecretName] = Field(default_factory=list)
    renewed: list[SecretName] = Field(default_factory=list)
    withdrawn: list[SecretName] = Field(default_factory=list)
    left: list[SecretName] = Field(default_factory=list)


@contextmanager
def contained(name: SecretName, kept: Kept) -> Iterator[None]:
    """One secret's trouble is left to the next run."""
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - loaded on first use

    try:
        yield
    except (AppGuardError, BotoCoreError, ClientError) as error:
        # The kind of error alone: a driver's words may quote what it was given.
        code = getattr(error, "code", type(error).__name__)
        logger.error("left for the next run", extra={"secret": name, "code": code})  # noqa: TRY400
        kept.left.append(name)
