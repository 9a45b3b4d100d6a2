import pytest

from appguard.connectors.errors import TooManyCalls
from appguard.connectors.pace import MANY, Pace
from appguard.connectors.source import Identity
from appguard.kernel.ids import ConnectorName

HR = ConnectorName("hr-db")
ANA = Identity("ana@example.com", "leave")


@pytest.fixture
def clock():
    return [0.0]


@pytest.fixture
def pace(clock):
    return Pace(lambda: clock[0])


def test_a_minute_has_its_number_of_calls(pace, clock):
    for _ in range(3):
        pace.step(HR, ANA, 3)
    with pytest.raises(TooManyCalls, match="3 calls"):
        pace.step(HR, ANA, 3)
    clock[0] = 60
    pace.step(HR, ANA, 3)


@pytest.mark.parametrize(
    ("connector", "who"),
    [
        (HR, Identity("mia@example.com", "leave")),
        (HR, Identity("ana@example.com", "lunch")),
        (ConnectorName("office-directory"), ANA),
    ],
)
def test_users_apps_and_connectors_are_counted_apart(pace, connector, who):
    pace.step(HR, ANA, 1)
    pace.step(connector, who, 1)


def test_without_a_number_nothing_is_counted(pace):
    for _ in range(100):
        pace.step(HR, ANA, None)


def test_people_who_stopped_calling_are_forgotten(pace, clock):
    for number in range(MANY):
        pace.step(HR, Identity(f"{number}@example.com", "leave"), 1)
    clock[0] = 61
    pace.step(HR, ANA, 1)
    assert len(pace._calls) == 1
