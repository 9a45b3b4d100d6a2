"""What Vault may answer instead of a secret. Its own words are dropped: they may quote what was asked."""

from appguard.kernel.errors import Misconfigured, Unavailable


class VaultAway(Unavailable):
    """Vault does not answer, or not as it should."""

    code = "vault_away"


class VaultSealed(Unavailable):
    """Vault runs and gives nothing away until somebody unseals it."""

    code = "vault_sealed"
    remediation = "Whoever holds the keys must unseal Vault; nothing is lost meanwhile."


class VaultDenied(Misconfigured):
    """Vault knows us, or will not, and says no."""

    code = "vault_denied"
    remediation = "Compare the role and policy in Vault with docs/deploy.md."
