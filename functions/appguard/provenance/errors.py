"""Why an attestation does not let a bundle through."""

from appguard.kernel.errors import Forbidden


class NotAttested(Forbidden):
    """There is no attestation that holds for this very bundle, app and review."""

    code = "not_attested"
    remediation = "Submit the same version again; if it stays, tell the platform team the review's id."


class SourceNotProtected(Forbidden):
    """Personal data asks for a source that nobody can change unseen."""

    code = "source_not_protected"
    remediation = (
        "Submit this version in the portal, or protect the branch and ask the platform team to list "
        "it in policies/sources.yaml."
    )
