"""What a schedule says when it calls."""

from pydantic import AwareDatetime, BaseModel, Field

from appguard.kernel.clock import utc_now


class Due(BaseModel):
    """A schedule's event: what was due at its `time` is done, however late it arrives."""

    time: AwareDatetime = Field(default_factory=utc_now)
