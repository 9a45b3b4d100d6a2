import math
import os
import pickle

import pytest
import rfc8785
from hypothesis import example, given
from hypothesis import strategies as st

from appguard.audit.canonical import canonical
from appguard.audit.verify import Bad, cores, load_keys, verify_export
from appguard.audit.verify.cores import on_all_cores
from appguard.audit.verify.events import NotAnEvent, read_events

NUMBERS = st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
EVENT = {"event_id": "evt-" + "0" * 32, "timestamp": "2026-03-01T12:00:00Z"}


@given(value=VALUES)
@example(value={"\U00010000": 1, "\ufb33": 2})  # by code point the other way round
@example(value=[1e21, 1e-7, 1e-6, 123456789012345680000.0, 0.1, -0.0, 5e-324, 1.7976931348623157e308])
def test_what_another_library_writes_is_canonical(value):
    assert read_events([rfc8785.dumps({**EVENT, "metadata": value})])[0] == bytes(16)


@given(value=st.dictionaries(st.text(), NUMBERS, min_size=2, max_size=4))
def test_keys_in_another_order_are_not_canonical(value):
    backwards = sorted(value, reverse=True, key=lambda key: key.encode("utf-16-be"))
    turned = b",".join(rfc8785.dumps(key) + b":" + rfc8785.dumps(value[key]) for key in backwards)
    entry = rfc8785.dumps({**EVENT, "z": 7}).replace(b"7}", b"{" + turned + b"}}")
    with pytest.raises(NotAnEvent, match="not canonical JSON"):
        read_events([entry])


@pytest.mark.parametrize(
    "number",
    [
        "1.0",
        "1e2",
        "0.10",
        "1E5",
        "-0",
        "-0.0",
        "1e+21.0",
        "01",
        "+1",
        "1e-06",
        "1e999",
        "1e-999",
        "1e99999999999999999999",
    ],
)
def test_a_number_written_in_another_way_is_not_canonical(number):
    entry = rfc8785.dumps({**EVENT, "z": 7}).replace(b"7}", number.encode() + b"}")
    with pytest.raises(NotAnEvent):
        read_events([entry])


@pytest.mark.parametrize(
    "change",
    [(b",", b", "), (b"{", b" {"), (b"}", b"}\n"), (b"evt", b"\\u0065vt"), (b"0Z", b"0"), (b"evt-", b"evt_")],
)
def test_one_odd_entry_among_good_ones_is_named_by_its_place(change):
    good = rfc8785.dumps(EVENT)
    with pytest.raises(NotAnEvent) as caught:
        read_events([good, good, good.replace(*change), good])
    assert caught.value.place == 2


def test_entries_that_are_canonical_only_together_are_not():
    one = rfc8785.dumps({**EVENT, "x": [{}, {}]})
    middle = one.index(b",{}]")
    with pytest.raises(NotAnEvent):
        read_events([one[:middle], one[middle + 1 :]])


@pytest.mark.parametrize("depth", [200, 900, 20_000])
def test_deep_entries_are_judged_and_crash_nothing(depth):
    nested = b"[" * depth + b"0.5" + b"]" * depth
    entry = rfc8785.dumps({**EVENT, "z": 7}).replace(b"7}", nested + b"}")
    try:
        read_events([entry])
    except NotAnEvent:
        assert depth > 200


def test_what_the_ledger_writes_is_what_the_verifier_accepts(event):
    bodies = [canonical(event(n, ratio=n / 7, name="Zoë \u2028 \x7f", none=None)) for n in range(3)]
    ids, times = read_events(bodies)
    assert ids == b"".join(bytes.fromhex(event(n).event_id[4:]) for n in range(3))
    assert all(math.isclose(at, event(0).timestamp.timestamp()) for at in times)


@pytest.fixture
def folder(written):
    return written({"3y": [3, 20_000]})


def test_all_cores_find_what_one_finds(folder, copied):
    if (os.cpu_count() or 1) < 2:
        pytest.skip("one core")
    keys = load_keys((folder / "ledger-key.pem").read_bytes())
    assert verify_export(folder, keys, spread=on_all_cores)["3y"].size == 20_000
    broken = copied(folder)
    (broken / "3y/tile/entries/070").unlink()
    with pytest.raises(Bad) as caught:
        verify_export(broken, keys, spread=on_all_cores)
    assert str(caught.value) == "3y/tile/entries/070: missing"


def test_a_little_work_starts_no_processes(written, monkeypatch):
    folder = written({"3y": [600]})
    monkeypatch.setattr(cores, "ProcessPoolExecutor", lambda *_: pytest.fail("processes were started"))
    keys = load_keys((folder / "ledger-key.pem").read_bytes())
    assert verify_export(folder, keys, spread=on_all_cores)["3y"].size == 600


def test_what_a_process_found_bad_arrives_as_it_was():
    bad = pickle.loads(pickle.dumps(Bad("3y/checkpoint", "missing")))
    assert (bad.path, bad.reason, str(bad)) == ("3y/checkpoint", "missing", "3y/checkpoint: missing")
