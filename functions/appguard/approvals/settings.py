"""Where approvals and exceptions are kept."""

from pydantic import Field

from appguard.kernel.settings import Settings


class ApprovalSettings(Settings):
    """What approvals need besides reviews."""

    table: str = Field(alias="CATALOG_TABLE")
