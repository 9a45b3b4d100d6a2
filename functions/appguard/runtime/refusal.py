"""The broker's no, and why."""

from pydantic import BaseModel, ConfigDict, Field

UNAUTHENTICATED = 401


class Refusal(BaseModel):
    """Why the broker said no, in words for the person who asked."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    code: str
    message: str = Field(max_length=1000)
    remediation: str = Field(default="", max_length=1000)


NOT_GRANTED = Refusal(
    code="not_granted",
    message="This app may not use this data.",
    remediation="Tell the app's owner: the access was not part of what was approved.",
)


class BrokerRefused(Exception):
    """The broker answered, and the answer is no."""

    def __init__(self, status: int, refusal: Refusal) -> None:
        """Keep the broker's status and words."""
        super().__init__(refusal.message)
        self.status = status
        self.refusal = refusal

    @property
    def unauthenticated(self) -> bool:
        """Whether the person's token is the reason, so that signing in anew is the remedy."""
        return self.status == UNAUTHENTICATED
