"""Apps by the thousand, as lists know them."""

import random
from datetime import UTC, date, datetime, timedelta

from appguard.apps.card import Card
from appguard.apps.lifecycle import State
from appguard.kernel.ids import AppId, ConnectorName, PersonId
from appguard.kernel.levels import DataClass, RiskTier

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
WORDS = ("leave", "travel", "badge", "laptop", "expense", "room", "parking", "training", "visitor", "shift")
CONNECTORS = tuple(map(ConnectorName, ("hr-db", "payroll-db", "office-directory", "equipment-desk")))
TEAMS = 300


def card(number: int, **changes: object) -> Card:
    """Card `number` of a company: most of its apps are in use, few teams have many."""
    chance = random.Random(number)
    at = BEGIN + timedelta(minutes=number)
    first, second = chance.sample(WORDS, 2)
    made = {
        "app_id": AppId(f"app-{number:05d}"),
        "name": f"{first.title()} {second} {number}",
        "about": f"Replaces the {first} spreadsheet that the {second} desk mails around every week.",
        "team": f"Team {int(TEAMS * chance.random() ** 2)}",
        "owner": PersonId(f"person-{number % 977}"),
        "owner_email": f"person-{number % 977}@example.com",
        "state": chance.choices([State.ACTIVE, State.DRAFT, State.SUSPENDED, State.ARCHIVED], [80, 10, 5, 5])[
            0
        ],
        "version": 3,
        "changed": at,
        "template": chance.choice(["hr-self-service@1", "office-self-service@1", ""]),
        "tier": chance.choice(list(RiskTier)),
        "classes": tuple(chance.sample([DataClass.INTERNAL, DataClass.PERSONAL], 2)),
        "connectors": tuple(sorted(chance.sample(CONNECTORS, 2))),
        "published": at,
        "retires": date(2026, 7, 1) + timedelta(days=number % 365),
    }
    return Card.model_validate(made | changes)
