"""What those who have policies compared read from their environment."""

from pydantic import Field

from appguard.kernel.settings import Settings


class ComparisonSettings(Settings):
    """The function that runs comparisons."""

    function: str = Field(alias="COMPARE_FUNCTION")
