"""Two micro apps on one platform, and a witness who looks at what an attack left behind."""

import time

import pytest
from joserfc.jwk import RSAKey

from appguard.kernel.ids import AppId
from infra.local.places import home
from infra.local.story.cast import ANA
from tests.e2e.attacks.tokens import Forger
from tests.e2e.attacks.witness import Witness
from tests.e2e.caller import Caller
from tests.e2e.micro_apps import Granted, granted, publish

LEAVE, LUNCH = AppId("attacked-leave"), AppId("attacked-lunch")

OFFICE: Granted = granted(
    "office-directory", ["company_holidays", "meeting_rooms", "open_defects"], ["report_defect"]
)
HR: Granted = granted(
    "hr-db",
    [
        "my_profile",
        "my_leave_balance",
        "my_leave_requests",
        "team_calendar",
        "headcount_by_department",
        "withdrawn_long_ago",
    ],
    ["request_leave", "cancel_leave", "decide_leave"],
)
DESK: Granted = granted("equipment-desk", ["my_loans", "lent_items"], ["borrow", "give_back"])
GONE: Granted = granted("archive-db", ["everything"])


@pytest.fixture(scope="package")
def leave(endpoints, ground) -> Caller:
    """An app with much granted, also things that exist no more."""
    return Caller(endpoints, publish(ground, LEAVE, {**OFFICE, **HR, **DESK, **GONE}))


@pytest.fixture(scope="package")
def lunch(endpoints, ground) -> Caller:
    """An app that was granted the office directory alone."""
    return Caller(endpoints, publish(ground, LUNCH, OFFICE))


@pytest.fixture(scope="module", autouse=True)
def nothing_stays(ground):
    """What attacks reported as broken is gone before others read the list."""
    [(last,)] = ground.rows("SELECT max(defect_id) FROM office.defect")
    yield
    ground.run(f"DELETE FROM office.defect WHERE defect_id > {int(last)}")


@pytest.fixture(scope="package")
def forger(endpoints, leave) -> Forger:
    """Whoever got hold of the provider's key: what is refused even then, is refused for its claims."""
    return Forger(RSAKey.import_key((home() / "oidc.pem").read_bytes()), leave.token(ANA))


@pytest.fixture(scope="package")
def _known_words(ground) -> frozenset[str]:
    """What no answer to an attack and no line of a log may hold."""
    people = ground.rows("SELECT full_name, bank_account FROM hr.employee")
    words = {word for row in people for word in row if word}
    return frozenset(
        words | {"SELECT ", "psycopg", "Traceback", "hr_api", "office_api", "hr_broker", ground.endpoint}
    )


@pytest.fixture(scope="session")
def refusals() -> set[str]:
    """The events of every refusal that witnesses saw."""
    return set()


@pytest.fixture
def witness(ground, _known_words, refusals) -> Witness:
    """Sees what happened since this test began."""
    return Witness(ground, _known_words, time.time(), refusals)
