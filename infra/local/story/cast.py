"""Who and what the story is about: the people, the apps, and the ground they stand on."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from infra.local.platform import Endpoints
from infra.local.story.ground import Ground
from infra.local.story.visitor import Visitor

ANA, MIA, ROB, ADA, DORA = (f"{name}@example.com" for name in ("ana", "mia", "rob", "ada", "dora"))


@dataclass
class Story:
    """State shared by the steps. `app_id` and `quick_id` are names no earlier run has used."""

    endpoints: Endpoints
    ground: Ground
    app_id: str
    quick_id: str
    seen: dict[str, Any] = field(default_factory=dict)
    visitors: dict[str, Visitor] = field(default_factory=dict)

    def person(self, email: str) -> Visitor:
        """Somebody's browser, signed in to the portal on first use."""
        if email not in self.visitors:
            self.visitors[email] = Visitor.signed_in(self.endpoints.portal, email)
        return self.visitors[email]

    @property
    def app_path(self) -> str:
        """Where the micro app's own pages are."""
        return f"/apps/{self.app_id}"

    @property
    def app_page(self) -> str:
        """The portal's page about the app."""
        return f"/my/{self.app_id}"

    @cached_property
    def tables(self) -> Any:
        """DynamoDB, to look things up."""
        return self.ground.client("dynamodb")

    def state(self, app_id: str) -> str:
        """Where an app is in its life, as the catalog has it."""
        found = self.tables.get_item(
            TableName=self.ground.outputs["CatalogTable"],
            Key={"pk": {"S": f"APP#{app_id}"}, "sk": {"S": "APP"}},
            ConsistentRead=True,
        )
        return str(found["Item"]["state"]["S"])


def unused_id(ground: Ground, base: str) -> str:
    """`base`, or `base-2`, `base-3` … when earlier runs have used it."""
    dynamodb, table = ground.client("dynamodb"), ground.outputs["CatalogTable"]

    def taken(app_id: str) -> bool:
        key = {"pk": {"S": f"APP#{app_id}"}, "sk": {"S": "APP"}}
        return "Item" in dynamodb.get_item(TableName=table, Key=key)

    number = 1
    while taken(name := base if number == 1 else f"{base}-{number}"):
        number += 1
    return name
