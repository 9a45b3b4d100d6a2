"""Apps in use, looked at again when more is known about their packages."""

import json
from datetime import UTC, datetime

import pytest

from appguard.approvals.model import Verdict
from appguard.apps.bundle import Bundle
from appguard.apps.lifecycle import State
from appguard.gates.dependencies.findings import vulnerable
from appguard.kernel.errors import StaleVersion
from appguard.operations import handler, operations
from appguard.operations.errors import AppsLeft
from appguard.operations.recheck import Recheck
from appguard.packages import stored
from appguard.packages.index import build
from appguard.packages.model import Answer, Pin, Vulnerability
from appguard.packages.osv import record
from appguard.packages.store import PackageStore
from appguard.reviews.model import StepInput
from appguard.reviews.steps import Judgement
from tests.support.world import DEFECTS, LEAVE, REQUESTER, RISKY, ROB, harmless
from tests.unit.approvals.test_handler import CONTEXT
from tests.unit.packages.conftest import osv

THING = Pin("thing", "1.0")
FAULT = Vulnerability(id="CVE-2026-1", aliases=("PYSEC-1",), fixed="2.0")
UNFIXED = Vulnerability(id="CVE-2026-2")


class Known:
    """A source of advisories that knows what it is told, and remembers what it was asked."""

    def __init__(self):
        self.faults, self.asked, self.empty = {}, [], False

    def ask(self, pins):
        self.asked.append(list(pins))
        found = {pin: tuple(self.faults[pin.name]) for pin in pins if pin.name in self.faults}
        return None if self.empty else Answer("OSV", datetime(2026, 3, 1, tzinfo=UTC), found)


@pytest.fixture
def known():
    return Known()


@pytest.fixture
def recheck(world, known):
    return Recheck(world.apps, known, world.exceptions.of_app, world.clock)


def with_packages(bundle, text="thing==1.0\nother==3.2\n"):
    return Bundle({**bundle.files, "requirements.txt": text.encode()})


def publish(world, app_id=DEFECTS, bundle=None):
    return through(world, world.submitted(app_id, bundle or with_packages(harmless())))


def through(world, step):
    world.gates_say(step)
    world.steps.approve(step, Judgement())
    world.steps.publish(step)
    return step


def faults_of(world, app_id=DEFECTS):
    return [(one.package, one.advisory, one.fixed) for one in world.apps.get(app_id).publication.faults]


def test_a_new_fault_is_recorded_and_the_app_runs_on(world, recheck, known):
    step = publish(world)
    assert recheck.run() == []
    known.faults["thing"] = [FAULT]

    assert recheck.run() == [DEFECTS]

    assert faults_of(world) == [("thing", "CVE-2026-1", "2.0")]
    assert world.apps.get(DEFECTS).state is State.ACTIVE
    [event] = world.events("app.vulnerable")
    assert (event.app_id, event.bundle_digest) == (DEFECTS, step.bundle_digest)
    assert [one["advisory"] for one in event.metadata["faults"]] == ["CVE-2026-1"]


def test_one_fault_of_one_app_is_news_once_even_under_a_new_name(world, recheck, known):
    publish(world)
    known.faults["thing"] = [Vulnerability(id="PYSEC-1", fixed="2.0")]
    recheck.run()
    first = world.apps.get(DEFECTS).publication.faults[0].since
    world.clock.pass_(days=1)

    assert recheck.run() == []
    known.faults["thing"] = [FAULT]
    assert recheck.run() == []

    assert world.actions("app.vulnerable") == ["app.vulnerable"]
    assert faults_of(world) == [("thing", "CVE-2026-1", "2.0")]
    assert world.apps.get(DEFECTS).publication.faults[0].since == first


def test_only_what_is_new_is_told(world, recheck, known):
    publish(world)
    known.faults["thing"] = [FAULT]
    recheck.run()
    known.faults["other"] = [UNFIXED]

    assert recheck.run() == [DEFECTS]

    told = [[one["advisory"] for one in event.metadata["faults"]] for event in world.events("app.vulnerable")]
    assert sorted(told) == [["CVE-2026-1"], ["CVE-2026-2"]]
    assert len(faults_of(world)) == 2


def test_a_fault_that_was_withdrawn_leaves_the_record_without_a_mail(world, recheck, known):
    publish(world)
    known.faults["thing"] = [FAULT]
    recheck.run()
    known.faults.clear()

    assert recheck.run() == []

    assert faults_of(world) == []
    assert world.actions("app.vulnerabilities_changed") == ["app.vulnerabilities_changed"]


def test_what_a_reviewer_accepted_is_no_news_until_that_lapses(world, recheck, known):
    step = world.submitted(LEAVE, with_packages(RISKY))
    world.gates_say(step, vulnerable(THING, UNFIXED))
    locator = world.approvals.ask(step, "token")
    world.approvals.decide(locator, ROB, Verdict.APPROVE, "The function with the fault is not called.")
    world.steps.approve(step, Judgement(decided_by=ROB.id))
    world.steps.publish(step)
    known.faults["thing"] = [UNFIXED]
    assert recheck.run() == []

    world.clock.pass_(days=400)

    assert recheck.run() == [LEAVE]


def test_a_package_is_looked_up_once_for_all_apps_and_apps_without_packages_not_at_all(world, recheck, known):
    publish(world)
    publish(world, LEAVE, with_packages(RISKY, "thing==1.0\n"))

    recheck.run()

    assert [[(pin.name, pin.version) for pin in pins] for pins in known.asked] == [
        [("other", "3.2"), ("thing", "1.0")]
    ]


def test_nobody_is_asked_where_no_app_brings_a_package(world, recheck, known):
    publish(world, bundle=harmless())
    assert (recheck.run(), known.asked) == ([], [])


def test_apps_that_do_not_run_are_not_looked_at(world, recheck, known, suspension):
    publish(world)
    suspension.suspend(DEFECTS)
    known.faults["thing"] = [FAULT]
    assert recheck.run() == []
    suspension.recertify(DEFECTS, REQUESTER)
    assert recheck.run() == [DEFECTS]


def test_a_new_version_begins_without_what_was_known_of_the_old_one(world, recheck, known):
    publish(world)
    known.faults["thing"] = [FAULT]
    recheck.run()
    bundle = with_packages(harmless(), "thing==2.0\n")
    world.apps.save_draft(DEFECTS, bundle, REQUESTER)
    review = world.reviews.submit(DEFECTS, bundle.digest, REQUESTER)

    step = through(world, StepInput.of(review))

    assert world.apps.get(DEFECTS).in_use == step.bundle_digest
    assert faults_of(world) == []


def test_the_trouble_of_one_app_keeps_no_other_from_its_turn_and_is_tried_again(
    world, recheck, known, monkeypatch
):
    publish(world)
    publish(world, LEAVE, with_packages(RISKY))
    known.faults["thing"] = [FAULT]
    know = world.apps.know_faults

    def stale_for_one(app, *more):
        if app.app_id == DEFECTS:
            raise StaleVersion("somebody was faster")
        return know(app, *more)

    with monkeypatch.context() as broken:
        broken.setattr(world.apps, "know_faults", stale_for_one)
        with pytest.raises(AppsLeft, match="defects"):
            recheck.run()
    assert faults_of(world, LEAVE)
    assert recheck.run() == [DEFECTS]


def test_without_advisories_nothing_is_said(world, recheck, known):
    publish(world)
    known.empty = True
    assert recheck.run() == []


def test_the_function_reads_the_index_of_the_last_sync(world, monkeypatch):
    publish(world)
    store = PackageStore(world.s3, "artifacts")
    store.save_index(build([record(json.dumps(osv()).encode(), "PYSEC-1.json")]))
    monkeypatch.setattr(stored, "_store", lambda: store)
    monkeypatch.setattr(operations, "catalog", lambda: world.apps)
    monkeypatch.setattr(operations, "exceptions", lambda: world.exceptions)
    operations.recheck.cache_clear()

    assert handler.recheck({"detail": {"trace_id": "t"}}, CONTEXT) == {"news": [DEFECTS]}

    assert faults_of(world) == [("thing", "PYSEC-1", "2.0")]
    operations.recheck.cache_clear()
