"""The database is killed under load: what was answered or changed has its entry, nobody restarts a thing."""

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

from infra.local import postgres
from infra.local.places import home
from infra.local.story.cast import ANA
from infra.local.story.ground import until

pytestmark = pytest.mark.e2e

DEFECT, HOLIDAYS = "office-directory/commands/report_defect", "office-directory/queries/company_holidays"
CALLERS, RECOVERY = 3, 60


def test_killing_the_database_in_mid_load_loses_no_entry_and_recovers_by_itself(
    leave, ground, witness, record_property
):
    enough = Event()

    def report(caller):
        replies = {}
        while not enough.is_set():
            text = f"killed {caller}-{len(replies)}"
            told = leave.ask(ANA, DEFECT, office="Berlin", place="Lift", description=text)
            replies[text] = told.status_code
        return replies

    with ThreadPoolExecutor(CALLERS) as pool:
        reporting = [pool.submit(report, caller) for caller in range(CALLERS)]
        until(lambda: len(_changed(ground)) >= 2 * CALLERS, "load")
        _kill()
        time.sleep(1)  # calls meet a database that is away
        postgres.start(ground.postgres_port)
        back = time.monotonic()
        until(lambda: leave.ask(ANA, HOLIDAYS, year=2026).status_code == 200, "an answer", RECOVERY)
        record_property("seconds to recover", round(time.monotonic() - back, 1))
        before = len(_changed(ground))
        until(lambda: len(_changed(ground)) >= before + 2 * CALLERS, "load after the restart")
        enough.set()
        replies = {text: status for each in reporting for text, status in each.result().items()}

    answered, changed = {text for text, status in replies.items() if status == 200}, _changed(ground)
    entries = [entry for entry in witness.accesses() if entry["resource"]["id"].endswith("report_defect")]
    successes = {entry["event_id"] for entry in entries if entry["result"] == "success"}
    doubted = {entry["metadata"]["doubts"] for entry in entries if "doubts" in entry["metadata"]}
    retracted = {entry["metadata"]["retracts"] for entry in entries if "retracts" in entry["metadata"]}
    # The emulator may drop a call it cannot place meanwhile; the front says 502 then, and the broker
    # may or may not have been at work on it.
    dropped = sum(status == 502 for status in replies.values())
    assert set(replies.values()) - {200, 502} <= {503, 504}
    assert len(replies) > len(answered), "some calls met a database that was away"
    assert answered <= changed, "what was answered is there"
    assert 0 <= len(successes - doubted - retracted) - len(answered) <= dropped, "an entry for each success"
    assert len(changed - answered) <= len(doubted) + dropped, "others were told of each change, or doubt it"
    without = len(replies) + len(doubted | retracted) - len(entries)
    assert 0 <= without <= dropped, "each refusal has its entry too"


def _kill():
    """The whole server, as a power cut would."""
    server = int(Path(home() / "postgres" / "postmaster.pid").read_text().splitlines()[0])
    children = Path(f"/proc/{server}/task/{server}/children").read_text().split()
    for pid in (server, *map(int, children)):
        os.kill(pid, signal.SIGKILL)


def _changed(ground):
    """What was reported in this test."""
    found = ground.rows("SELECT description FROM office.defect WHERE description LIKE 'killed %%'")
    return {text for (text,) in found}
