"""Where this deployment keeps the secrets of connectors and the logins of apps."""

from typing import Literal, Self

from pydantic import Field, model_validator

from appguard.kernel.settings import Settings


class SecretSettings(Settings):
    """AWS Secrets Manager, or a HashiCorp Vault that takes the function's own role for an answer."""

    provider: Literal["aws", "vault"] = Field(default="aws", alias="SECRETS_PROVIDER")
    vault_address: str = Field(default="", alias="VAULT_ADDR")
    vault_role: str = Field(default="", alias="VAULT_ROLE")
    vault_mount: str = Field(default="secret", alias="VAULT_MOUNT", pattern=r"^[a-z0-9][a-z0-9_/-]*$")

    @model_validator(mode="after")
    def _vault_is_named(self) -> Self:
        if self.provider == "vault" and not (self.vault_address and self.vault_role):
            raise ValueError("SECRETS_PROVIDER=vault needs VAULT_ADDR and VAULT_ROLE")
        return self
