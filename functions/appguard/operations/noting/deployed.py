"""What is running now, as the one function that notes deployments is told."""

from pydantic import Field

from appguard.kernel.settings import Settings


class Deployed(Settings):
    """What is running now: the version, and digests of the code and of what the deployer chose."""

    version: str = Field(alias="PLATFORM_VERSION")
    code: str = Field(alias="PLATFORM_CODE")
    configuration: str = Field(alias="PLATFORM_CONFIGURATION")
