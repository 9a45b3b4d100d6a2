"""A rotation of an app's login while people use the app: nobody notices, and the old password dies."""

import json
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from appguard.kernel.ids import AppId, ConnectorName
from appguard.secrets.names import SecretName
from infra.local.seeds import DATABASE
from infra.local.story.__main__ import begin
from infra.local.story.cast import ANA, MIA
from infra.local.story.chapters.review import quick_seconds
from infra.local.story.ground import until
from infra.local.story.visitor import Visitor

pytestmark = pytest.mark.e2e

OFFICE = ConnectorName("office-directory")
PEOPLE, EACH = 2, 100


@pytest.fixture(scope="module")
def app(ground, endpoints) -> AppId:
    """A published app on the office directory."""
    story = begin(ground, endpoints)
    quick_seconds(story)
    return AppId(story.quick_id)


def login_of(ground, app):
    name = SecretName.login(OFFICE, app)
    return json.loads(ground.client("secretsmanager").get_secret_value(SecretId=name)["SecretString"])


def signs_in(endpoints, login) -> bool:
    try:
        psycopg.connect(endpoints.postgres, dbname=DATABASE, **login, connect_timeout=10).close()
    except psycopg.OperationalError:
        return False
    return True


def test_200_requests_during_a_rotation_all_succeed_and_the_old_password_stops_working(
    ground, endpoints, app
):
    page, before = f"/apps/{app}/pages/open", login_of(ground, app)
    under_way, rotated, all_warm = threading.Event(), threading.Event(), threading.Barrier(PEOPLE)
    visitors = [Visitor(endpoints.portal) for _ in range(PEOPLE)]
    for visitor, person in zip(visitors, (ANA, MIA), strict=True):
        visitor.enter(page, person)

    def use(visitor: Visitor) -> Counter[str]:
        seen: Counter[str] = Counter()
        until(lambda: all(visitor.open(page).ok for _ in range(5)), "functions that are warm for all at once")
        all_warm.wait(120)
        for number in range(EACH):
            reply = visitor.open(page)
            well = reply.ok and "coffee machine" in visitor.text
            seen["ok" if well else f"{reply.status_code}: {visitor.text[-200:]}"] += 1
            if number == EACH // 5:
                under_way.set()
            if number == EACH // 2:
                rotated.wait(120)  # the second half comes after the rotation, on remembered logins
        return seen

    with ThreadPoolExecutor(PEOPLE) as pool:
        working = [pool.submit(use, visitor) for visitor in visitors]
        assert under_way.wait(120)
        kept = ground.invoke("appguard-secrets-keep", {"app_id": app})
        rotated.set()
        answers = sum((each.result() for each in working), Counter())

    assert SecretName.login(OFFICE, app) in kept["rotated"]
    assert answers == {"ok": PEOPLE * EACH}
    after = login_of(ground, app)
    assert after["user"] != before["user"]
    assert signs_in(endpoints, after)
    [(minutes,)] = ground.rows(
        "SELECT extract(epoch FROM rolvaliduntil - now()) / 60 FROM pg_roles WHERE rolname = %s",
        before["user"],
    )
    assert 0 < minutes <= 15
    ground.run(f"""ALTER ROLE "{before["user"]}" VALID UNTIL 'now'""")  # what these minutes do
    assert not signs_in(endpoints, before)
    assert Visitor(endpoints.portal).enter(page, ANA).ok


def test_the_database_knows_each_app_by_a_login_of_its_own(ground, app):
    users = {
        user
        for (user,) in ground.rows(
            "SELECT usename FROM pg_stat_activity WHERE application_name = 'appguard-broker'"
        )
    }

    assert any(user.startswith(f"appguard_{app}_") for user in users)
    assert not users & {"office_broker", "hr_broker", "payroll_broker"}
