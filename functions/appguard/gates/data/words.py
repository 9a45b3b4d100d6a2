"""Which names in an app stand for personal data: by the connectors' labels first, by their looks second."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from appguard.apps.manifest import Manifest
from appguard.connectors.model import Connector
from appguard.gates.data.jsonata import pairs, words_of
from appguard.kernel.ids import ConnectorName
from appguard.kernel.levels import DataClass
from appguard.runtime.pages import EmailField, FormPage

_LOOKS = re.compile(
    r"^(?:\w+_)?(?:e_?mail(?:_address)?|birth_?(?:date|day)|date_of_birth|dob|iban|bank_account|ssn|"
    r"social_security(?:_number)?|passport(?:_number)?|tax_id|nino|phone(?:_number)?|mobile_number|salary|"
    r"(?:first|last|full|family|maiden|employee|person|manager)_name|surname|home_address|diagnosis|"
    r"health_notes?|religion|ethnicity|disability|union_membership)$"
)


@dataclass(frozen=True)
class Personal:
    """Names of columns and fields that carry personal data, and of queries whose rows do."""

    names: frozenset[str]
    queries: frozenset[str]

    def says(self, name: str) -> bool:
        """Whether a value of this name is personal."""
        return name in self.names or looks_personal(name)


def looks_personal(name: str) -> bool:
    """Whether a name is one that people give to personal data.

    >>> looks_personal("private_email"), looks_personal("email_count")
    (True, False)
    """
    return bool(_LOOKS.match(name.lower().replace("-", "_")))


def of(manifest: Manifest, connectors: Mapping[ConnectorName, Connector]) -> Personal:
    """What `manifest` touches: personal columns, personal parameters, and the fields that feed them."""
    names: set[str] = set()
    queries: set[str] = set()
    for use in manifest.connectors:
        if connector := connectors.get(use.name):
            for name in use.queries:
                if query := connector.queries.get(name):
                    columns = {c.name for c in query.columns if c.class_ >= DataClass.PERSONAL}
                    names |= columns
                    queries |= {name} if columns else set()
    for page in manifest.pages:
        if isinstance(page, FormPage):
            names |= _fields(page, connectors.get(page.submit.connector))
    return Personal(frozenset(names), frozenset(queries))


def _fields(page: FormPage, connector: Connector | None) -> set[str]:
    """Fields of type e-mail, and those that the mapping hands to a parameter of a personal class."""
    fields = {field.name for field in page.fields}
    found = {field.name for field in page.fields if isinstance(field, EmailField)}
    command = connector.commands.get(page.submit.command) if connector else None
    if command is None:
        return found
    given = pairs(page.submit.mapping) if page.submit.mapping else [(name, name) for name in sorted(fields)]
    personal = {name for name, each in command.parameters.items() if each.class_ >= DataClass.PERSONAL}
    return found | {word for name, value in given if name in personal for word in words_of(value) & fields}
