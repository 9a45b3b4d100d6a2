"""Who may sign in on the local platform: one person per seat of the story."""

from typing import NamedTuple

CLIENT_ID = "appguard"  # the one client of the identity provider: portal and apps


class Listed(NamedTuple):
    """A person the local identity provider vouches for. The e-mail address is also the `sub`."""

    email: str
    name: str
    groups: tuple[str, ...]
    seat: str

    def claims(self) -> dict[str, object]:
        """What the ID token says besides `sub`."""
        return {"email": self.email, "email_verified": True, "name": self.name, "groups": list(self.groups)}


PEOPLE = (
    Listed("ana@example.com", "Ana Alvarez", ("employees", "requesters"), "HR analyst, asks for apps"),
    Listed("mia@example.com", "Mia Moser", ("employees",), "manager, uses apps"),
    Listed("rob@example.com", "Rob Reyes", ("employees", "reviewers"), "reviewer, decides"),
    Listed("sam@example.com", "Sam Sato", ("employees", "security", "reviewers"), "security, decides"),
    Listed("ada@example.com", "Ada Abel", ("employees", "auditors"), "auditor, verifies"),
    Listed("dora@example.com", "Dora Diaz", ("employees", "data-owners"), "data owner, answers for data"),
    Listed("eli@example.com", "Eli Engel", ("employees", "editors"), "editor, helps with apps of others"),
    Listed("olga@example.com", "Olga Orsi", ("employees", "operators"), "operator, keeps apps running"),
    Listed("vic@example.com", "Vic Vogel", ("employees", "viewers"), "viewer, reads and changes nothing"),
    Listed("pat@example.com", "Pat Park", ("employees", "platform"), "platform team, operates"),
)
