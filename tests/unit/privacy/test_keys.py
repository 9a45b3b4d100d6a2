from appguard.privacy.keys import KEEP_SECONDS, SubjectKeys
from appguard.privacy.subject import Subject
from tests.support.subjects import KeysInMemory

ANA, BOB = Subject("ana@example.com"), Subject("bob@example.com")


def test_a_subject_keeps_its_key_and_a_second_access_asks_nobody():
    store = KeysInMemory()
    keys = SubjectKeys(store)
    first = keys.of([ANA, BOB, ANA])
    asked = store.asked
    assert [key.subject for key in first] == [ANA, BOB]
    assert keys.of([BOB, ANA]) == first[::-1]
    assert store.asked == asked


def test_two_processes_agree_on_a_subjects_key():
    store = KeysInMemory()
    assert SubjectKeys(store).of([ANA]) == SubjectKeys(store).of([ANA])


def test_a_forgotten_key_is_used_for_five_minutes_at_most():
    store, seconds = KeysInMemory(), [0.0]
    keys = SubjectKeys(store, lambda: seconds[0])
    (old,) = keys.of([ANA])
    del store.rows[ANA]
    seconds[0] = KEEP_SECONDS
    assert keys.of([ANA]) == (old,)
    seconds[0] += 1
    (new,) = keys.of([ANA])
    assert new.secret != old.secret


def test_a_process_remembers_many_and_not_without_end(monkeypatch):
    monkeypatch.setattr("appguard.privacy.keys.MANY", 3)
    seconds = [0.0]
    keys = SubjectKeys(KeysInMemory(), lambda: seconds[0])
    for number in range(10):
        seconds[0] += 1
        keys.of([Subject(f"{number}@example.com"), ANA])
    assert len(keys._kept) <= 3
