"""HashiCorp Vault as the place where secrets are kept, and where logins to databases may come from."""

from datetime import timedelta

from appguard.secrets.settings import SecretSettings
from appguard.secrets.vault.exchange import HttpExchange
from appguard.secrets.vault.iam import signed_identity
from appguard.secrets.vault.kv import VaultKeyValue
from appguard.secrets.vault.leases import VaultLeases
from appguard.secrets.vault.session import VaultSession


def vault(settings: SecretSettings) -> VaultKeyValue:
    """The key-value engine of the Vault that the settings name."""
    return VaultKeyValue(_session(settings, settings.function), settings.vault_mount)


def database_engine(settings: SecretSettings, lasting: timedelta) -> VaultLeases:
    """Its database engine; new logins are asked for as a role that may do nothing else."""
    return VaultLeases(
        _session(settings, settings.function),
        lambda: _session(settings, f"{settings.function}-logins"),
        lasting,
    )


def _session(settings: SecretSettings, role: str) -> VaultSession:
    proof = signed_identity(settings.vault_address, role)
    return VaultSession(HttpExchange(settings.vault_address), proof)
