"""What the directory reads from its environment."""

from pydantic import Field

from appguard.kernel.settings import Settings


class DirectorySettings(Settings):
    """Where people are kept."""

    table: str = Field(alias="DIRECTORY_TABLE")
