"""HashiCorp Vault as the place where secrets are kept."""

from appguard.secrets.settings import SecretSettings
from appguard.secrets.vault.exchange import HttpExchange
from appguard.secrets.vault.iam import signed_identity
from appguard.secrets.vault.kv import VaultKeyValue
from appguard.secrets.vault.session import VaultSession


def vault(settings: SecretSettings) -> VaultKeyValue:
    """The Vault that the settings name."""
    proof = signed_identity(settings.vault_address, settings.vault_role)
    return VaultKeyValue(VaultSession(HttpExchange(settings.vault_address), proof), settings.vault_mount)
