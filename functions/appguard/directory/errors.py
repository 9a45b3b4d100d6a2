"""Why the directory does not let somebody in, or a SCIM client change something."""

from appguard.kernel.errors import Conflict, Unauthenticated


class Departed(Unauthenticated):
    """The company's directory says that this person left, whatever the identity provider says."""

    code = "departed"
    remediation = "If this is a mistake, ask your IT service desk to activate you for AppGuard."

    def __init__(self) -> None:
        super().__init__("Your access to AppGuard has ended.")


class AddressOfAnother(Unauthenticated):
    """Two identities with one address: one of them could be somebody who should not be here."""

    code = "address_of_another"
    remediation = "Ask your IT service desk to remove you from AppGuard and to add you again."

    def __init__(self) -> None:
        super().__init__("Somebody else is known here under your e-mail address.")


class NameTaken(Conflict):
    """Somebody else, or another group, has this name."""

    code = "name_taken"
    remediation = "Change or remove the one that has it first."


class TokenRefused(Unauthenticated):
    """No token of the company's directory, or another."""

    code = "token_refused"
    remediation = "Give the client the token of the secret appguard/directory/scim."
