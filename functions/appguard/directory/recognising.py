"""Which colleague a verified identity is: pure, because impersonation begins here."""

from typing import NamedTuple

from appguard.directory.errors import AddressOfAnother, Departed
from appguard.directory.model import Colleague
from appguard.kernel.person import Person


class Candidates(NamedTuple):
    """Whom the directory finds by what a token says: its `sub`, the same as an `externalId`, its address."""

    by_subject: Colleague | None
    by_external_id: Colleague | None
    by_email: Colleague | None


def recognise(person: Person, found: Candidates) -> Colleague | None:
    """The colleague `person` is, or None for somebody new; raises `Departed` or `AddressOfAnother`.

    Whom SCIM knows is let in by what SCIM says. An address that SCIM knows is one person's: the first
    identity that comes with it, and no second one.
    """
    listed = _listed(person, found)
    if listed is not None:
        if not listed.active:
            raise Departed
        return listed
    for known in (found.by_subject, found.by_email):
        if known is not None and not known.active:
            raise Departed
    return found.by_subject


def _listed(person: Person, found: Candidates) -> Colleague | None:
    """Whom SCIM knows as this person: who came as them before, else by the identity, else by the address."""
    for known in found:
        if known is None or known.account is None:
            continue
        if known.person_id not in {None, person.id}:
            raise AddressOfAnother
        return known
    return None
