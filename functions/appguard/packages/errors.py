"""What can be wrong with what we are told about packages."""

from appguard.kernel.errors import AppGuardError


class AdvisoriesUnusable(AppGuardError):
    """Advisories were given and cannot be read, so nobody knows what they would have said."""

    code = "advisories_unusable"
    remediation = "Give OSV's own export: a zip or folder of JSON records, such as PyPI/all.zip."


class FactsUnusable(AppGuardError):
    """Facts about packages were given and cannot be read."""

    code = "package_facts_unusable"
    remediation = 'Give a JSON file: {"packages": [{"name": …, "version": …, "licence": …, "released": …}]}.'
