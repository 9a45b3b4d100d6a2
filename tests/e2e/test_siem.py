"""Events of the deployed platform arrive in a SIEM and in a lake, also those of an outage."""

import json
from collections.abc import Iterator

import duckdb
import pytest
from typer.testing import CliRunner

from appguard.audit.reader import in_bucket
from appguard.cli.siem import app as siem_command
from infra.local.story.cast import ANA, Story
from infra.local.story.chapters import build
from infra.local.story.ground import Ground, until
from infra.local.story.visitor import Visitor
from tests.e2e.conftest import LAKE
from tests.support.ocsf import faults
from tests.support.siem_server import TOKEN, Fault, Siem

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def delivered(ground: Ground, story: Story, siem: Siem) -> Siem:
    """Somebody asked for an app before anybody thought of a SIEM; then its token was put in place."""
    build.ask(story)
    until(lambda: "app.created" in sealed(ground), "the request is in the ledger")
    assert siem.has() == set()
    secrets = ground.client("secretsmanager")
    secrets.create_secret(Name="appguard/siem/splunk", SecretString=json.dumps({"token": TOKEN}))
    caught_up(ground, siem)
    return siem


def entries(ground: Ground) -> Iterator[dict]:
    ledger = in_bucket(ground.client("s3"), ground.outputs["LedgerBucket"])
    return (json.loads(entry.body) for entry in ledger.entries())


def sealed(ground: Ground) -> set[str]:
    return {entry["action"] for entry in entries(ground)}


def caught_up(ground: Ground, siem: Siem) -> None:
    """Wait until the SIEM has what the ledger has now; the platform's own clock delivers it, or this call."""
    wanted = {entry["event_id"] for entry in entries(ground)}

    def arrived() -> bool:
        ground.invoke("appguard-siem-splunk", {})
        return wanted <= siem.has()

    until(arrived, "every entry of the ledger arrived")


def test_what_happened_before_there_was_a_siem_arrives_too_and_is_valid(ground, delivered):
    told = [event["event"] for event in delivered.events]
    assert {entry["event_id"] for entry in entries(ground)} <= {one["metadata"]["uid"] for one in told}
    assert [fault for one in told for fault in faults(one)] == []
    assert {"app.created", "person.signed_in"} <= {one["metadata"]["event_code"] for one in told}


def test_new_events_arrive_by_themselves(ground, endpoints, delivered):
    before = len(delivered.events)
    Visitor(endpoints.portal).enter("/", ANA)
    until(lambda: len(delivered.events) > before, "the sign-in arrived though nobody called the function")


def test_an_outage_is_caught_up_from_the_ledger(ground, endpoints, delivered):
    caught_up(ground, delivered)
    delivered.faults = [Fault.BUSY, Fault.CUT, Fault.RESET, Fault.HALF] * 10
    count = sum(1 for _ in entries(ground))
    Visitor(endpoints.portal).enter("/", ANA)
    until(lambda: sum(1 for _ in entries(ground)) > count, "the sign-in is in the ledger")
    assert ground.invoke("appguard-siem-splunk", {})["state"] in {"siem_away", "resting"}
    delivered.faults = []
    caught_up(ground, delivered)


def test_the_lake_gets_parquet_where_security_lake_looks_for_it(ground, delivered, tmp_path):
    s3 = ground.client("s3")
    s3.create_bucket(Bucket=LAKE)
    wanted = "ext/appguard_6002/region="

    def written() -> list[str]:
        """Objects of the class, which may come after another's: a batch is written class by class."""
        ground.invoke("appguard-siem-lake", {})
        listed = s3.list_objects_v2(Bucket=LAKE, Prefix=wanted).get("Contents", ())
        return [one["Key"] for one in listed]

    def told() -> set[str]:
        codes = set[str]()
        for key in written():
            s3.download_file(LAKE, key, str(tmp_path / "events.parquet"))
            codes |= {
                code
                for (code,) in duckdb.sql(
                    f"SELECT metadata.event_code FROM '{tmp_path}/events.parquet'"
                ).fetchall()
            }
        return codes

    until(lambda: "app.created" in told(), "five minutes are over and the objects are there", 400)


def test_the_command_says_how_far_delivery_is(ground, delivered, as_operator):
    shown = CliRunner().invoke(siem_command, ["status"])
    assert shown.exit_code == 0, shown.output
    assert "splunk     3y" in shown.stdout


def test_what_was_sent_is_sent_once_more_on_demand_and_that_is_an_entry(ground, delivered, as_operator):
    caught_up(ground, delivered)
    done = CliRunner().invoke(siem_command, ["rewind", "splunk", "3y", "0"])
    assert done.exit_code == 0, done.output
    until(lambda: "siem.rewound" in sealed(ground), "the rewinding is in the ledger")
