from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appguard.audit.by_subject import in_export
from appguard.audit.reader import in_bucket, in_folder
from appguard.audit.signing import pem
from appguard.audit.verify import load_keys, verify_proof
from appguard.connectors.access import READ, SUBJECTS_AN_ENTRY, WRITTEN, Access
from appguard.connectors.errors import NotGranted, OutcomeUnknown, RefusedBySource
from appguard.kernel.ids import AppId, BundleDigest, ConnectorName
from appguard.kernel.person import Person
from appguard.privacy.model import Period
from appguard.privacy.subject import Subject
from appguard.privacy.tags import SubjectKey
from appguard.privacy.who_saw import WhoSaw

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
SINCE = datetime(2026, 9, 1, tzinfo=UTC)
EVER = Period()
MIA = Person(id="mia", email="mia@example.com", name="Mia")


def key(name: str) -> SubjectKey:
    return SubjectKey(Subject(name), name.encode().ljust(32), SINCE)


ANA, BOB = key("ana@example.com"), key("bob@example.com")


def access(*subjects: SubjectKey, action: str = READ, connector: str = "hr-db") -> Access:
    return Access(
        action,
        connector,
        "team_calendar",
        AppId("leave-request"),
        BundleDigest("sha256:" + "1" * 64),
        MIA,
        facts={"classes": ["personal"], "rows": len(subjects)},
        subjects=subjects,
    )


@pytest.fixture
def saw(living):
    """Who saw somebody, by the living ledger."""
    who_saw = WhoSaw(living.find, lambda version: f"purpose of {version.hex[:1]}")
    return lambda subject, period=EVER: who_saw.sightings(subject, period, NOW)


def test_exactly_the_accesses_to_a_persons_data_are_listed(seal, saw):
    about_ana = access(ANA).granted(NOW) + access(ANA, BOB).granted(NOW - timedelta(days=60))
    seal(*about_ana, *access(BOB).granted(NOW), *access().granted(NOW))
    found = saw(ANA)
    assert {each.event_id for each in found} == {event.event_id for event in about_ana}
    assert [each.at for each in found] == sorted(each.at for each in found)
    first = found[0]
    assert (first.actor, first.app_id, first.connector, first.operation) == (
        "mia",
        "leave-request",
        "hr-db",
        "team_calendar",
    )
    assert (first.classes, first.rows, first.purpose) == (("personal",), 2, "purpose of 1")


def test_a_period_and_a_connector_narrow_the_answer(seal, saw):
    old, new = access(ANA).granted(NOW - timedelta(days=40)), access(ANA).granted(NOW - timedelta(hours=2))
    other = access(ANA, connector="payroll-db").granted(NOW - timedelta(hours=1))
    seal(*old, *new, *other)
    assert [each.event_id for each in saw(ANA, Period(end=NOW - timedelta(days=1)))] == [old[0].event_id]
    recent = Period(start=NOW - timedelta(days=1), connector=ConnectorName("hr-db"))
    assert [each.event_id for each in saw(ANA, recent)] == [new[0].event_id]


def test_refused_and_retracted_accesses_saw_nothing_and_doubted_ones_say_so(seal, saw):
    refused = access(ANA).refused(NOW, NotGranted("no"))
    retracted, doubted = access(ANA, action=WRITTEN), access(ANA, action=WRITTEN)
    events = [*retracted.granted(NOW), *retracted.refused(NOW, RefusedBySource("no"))]
    events += [*doubted.granted(NOW), *doubted.refused(NOW, OutcomeUnknown("silence"))]
    seal(*refused, *events)
    (only,) = saw(ANA)
    assert (only.event_id, only.doubted) == (doubted.recorded, True)


def test_the_subject_beyond_what_an_entry_holds_is_found_and_its_access_retracted_too(seal, saw):
    crowd = [key(f"{number}@example.com") for number in range(2 * SUBJECTS_AN_ENTRY + 1)]
    seen, taken_back = access(*crowd), access(*crowd, action=WRITTEN)
    events = [*seen.granted(NOW), *taken_back.granted(NOW), *taken_back.refused(NOW, RefusedBySource("no"))]
    assert len(events) == 9
    seal(*events)
    for subject in (crowd[0], crowd[SUBJECTS_AN_ENTRY], crowd[-1]):
        (only,) = saw(subject)
        assert (only.action, only.rows) == ("data.read", len(crowd))


def test_what_is_not_sealed_yet_is_found_without_a_place_once_it_is_indexed(outbox, dynamodb, living, saw):
    events = access(ANA).granted(NOW)
    outbox.record(*events)
    living.index.add(living.store.rows([events[0].event_id]))
    (only,) = saw(ANA)
    assert (only.event_id, only.log, only.index) == (events[0].event_id, None, None)


def test_each_sighting_has_a_proof_found_by_its_place(seal, saw, s3, signer):
    seal(*access(BOB).granted(NOW), *access(ANA).granted(NOW), *access(BOB).granted(NOW))
    (only,) = saw(ANA)
    reader = in_bucket(s3, "ledger")
    proof = reader.proof(reader.entry(only.log, only.index))
    assert verify_proof(proof, load_keys(pem(signer.public_key)))["event_id"] == only.event_id


def test_an_export_and_the_persons_key_give_the_same_answer_without_the_index(seal, saw, exported, dynamodb):
    seal(*access(ANA).granted(NOW), *access(BOB).granted(NOW), *access(ANA, BOB).granted(NOW))
    reader = in_folder(exported())
    offline = WhoSaw(
        lambda *words: in_export(reader, *words), lambda version: f"purpose of {version.hex[:1]}"
    )
    assert offline.sightings(ANA, Period(), NOW) == saw(ANA)
    assert len(saw(ANA)) == 2


def test_the_index_made_anew_from_an_export_is_the_index(seal, exported, dynamodb, living, saw):
    seal(*access(ANA).granted(NOW), *access(ANA, BOB).granted(NOW))
    before = saw(ANA)
    rows = dynamodb.scan(TableName="ledger")["Items"]
    for row in rows:
        if row["pk"]["S"].startswith("SUBJECT#"):
            dynamodb.delete_item(TableName="ledger", Key={"pk": row["pk"], "sk": row["sk"]})
    assert saw(ANA) == []
    living.index.add(living.store.rows([entry.event.event_id for entry in in_folder(exported()).entries()]))
    assert saw(ANA) == before


@settings(deadline=None)
@given(st.lists(st.lists(st.integers(0, 5), unique=True), max_size=6), st.integers(1, 3))
def test_every_subject_of_an_access_stands_in_exactly_one_of_its_entries(groups, bound):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("appguard.connectors.access.SUBJECTS_AN_ENTRY", bound)
        for group in groups:
            subjects = [key(str(number)) for number in group]
            events = access(*subjects).granted(NOW)
            tags = [tag for event in events for tag in event.metadata.get("subjects", [])]
            assert tags == [subject.tag(NOW) for subject in subjects]
            assert all(event.metadata["continues"] == events[0].event_id for event in events[1:])
