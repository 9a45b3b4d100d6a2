import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appguard.apps.bundle import Bundle
from appguard.apps.capabilities import Capabilities, Capability, Kind
from appguard.apps.capability_diff import LESS_IS_WIDER, CapabilityDiff, Change, applied, diff
from appguard.connectors.registry import registry
from appguard.kernel.levels import DataClass
from tests.support.world import RISKY

MANIFEST = RISKY.files["app.yaml"]
SUBJECTS = st.sampled_from(["", "a", "a/b", "a/b/c"])

things = st.builds(
    Capability,
    kind=st.sampled_from(Kind),
    subject=SUBJECTS,
    title=st.sampled_from(["", "one", "two {x}"]),
    amount=st.integers(0, 3),
    data_class=st.none() | st.sampled_from(DataClass),
)
sets = st.lists(things, max_size=12).map(Capabilities.holding)


def of(*changes: tuple[bytes, bytes], **files: bytes) -> Capabilities:
    text = MANIFEST
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return Capabilities.of(Bundle({"app.yaml": text, **files}), registry())


def sentences(change: CapabilityDiff) -> list[str]:
    return [entry.sentence for entry in change.entries]


@settings(deadline=None)
@given(sets)
def test_nothing_differs_from_itself(one: Capabilities) -> None:
    assert diff(one, one).entries == ()


@settings(deadline=None)
@given(sets, sets)
def test_nothing_is_lost(one: Capabilities, other: Capabilities) -> None:
    assert applied(diff(one, other), one) == other


@settings(deadline=None)
@given(sets, sets)
def test_what_one_direction_adds_the_other_removes(one: Capabilities, other: Capabilities) -> None:
    there, back = diff(one, other).entries, diff(other, one).entries

    def of_change(entries, change):
        return {(e.kind, e.subject, e.before, e.after) for e in entries if e.change is change}

    def turned(entries, change):
        return {(k, s, after, before) for k, s, before, after in of_change(entries, change)}

    assert of_change(there, Change.ADDED) == turned(back, Change.REMOVED)
    assert of_change(there, Change.SHRANK) <= turned(back, Change.GREW)


def more_of(after: Capability, before: Capabilities) -> bool:
    """The definition `grew` is held against, written without changes, titles and order."""
    was = before.by_key.get(after.key)
    if was is None or was.title != after.title:
        return after.kind not in LESS_IS_WIDER
    if after.kind in LESS_IS_WIDER:
        return was != after and after.amount <= was.amount and rank(after) <= rank(was)
    return after.amount > was.amount or rank(after) > rank(was)


def rank(one: Capability) -> int:
    return one.data_class.rank if one.data_class else -1


@settings(deadline=None)
@given(sets, sets)
def test_it_grew_if_and_only_if_something_is_there_that_was_not_or_not_as_much(
    one: Capabilities, other: Capabilities
) -> None:
    gone = [
        each
        for each in one.all
        if each.kind in LESS_IS_WIDER
        and (each.key not in other.by_key or other.by_key[each.key].title != each.title)
    ]
    assert diff(one, other).grew == (any(more_of(each, one) for each in other.all) or bool(gone))


@settings(deadline=None)
@given(sets, sets)
def test_every_difference_has_a_sentence_and_is_told_with_the_widening_ones_first(
    one: Capabilities, other: Capabilities
) -> None:
    entries = diff(one, other).entries

    assert all(e.sentence.endswith((".", ").")) for e in entries)
    assert [e.widens for e in entries] == sorted((e.widens for e in entries), reverse=True)


def test_a_new_query_is_told_with_its_columns_and_their_classes() -> None:
    change = diff(of((b", team_calendar]", b"]")), of())

    assert change.grew
    assert change.entries[0].sentence == (
        "It will now also read “Who is away in my team” from HR database (personal)."
    )
    assert (
        "It will now also read “Year of birth” in “Who is away in my team” from HR database (personal)."
        in sentences(change)
    )
    assert {e.data_class for e in change.entries} >= {DataClass.PERSONAL, DataClass.INTERNAL}
    assert not any("rows" in entry.sentence for entry in change.more)


def test_less_is_told_and_is_no_growth() -> None:
    change = diff(of(), of((b"    commands: [request_leave]\n", b"")))

    assert not change.grew
    assert sentences(change) == ["It may no longer change data: “Ask for leave” in HR database (personal)."]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (b"memory_mb: 256", b"memory_mb: 512", "It asks for twice the memory (256 → 512 MB)."),
        (
            b"timeout_seconds: 10",
            b"timeout_seconds: 15",
            "It asks for more time for each request (10 → 15 seconds).",
        ),
        (
            b"concurrency: 5",
            b"concurrency: 15",
            "It asks for 3 times the capacity (5 → 15 requests at once).",
        ),
        (b"users: employees", b"users: public", "It is meant for anybody, before for all employees."),
        (b"data_class: personal", b"data_class: special", "It declares special data, before personal."),
        (
            b"retention: 3y",
            b"retention: 1y",
            "It asks for less time for which its evidence is kept (3 → 1 years).",
        ),
        (
            b"label: Comment",
            b"label: Diagnosis",
            "It now asks people for “Diagnosis” on the page “Ask for leave”.",
        ),
        (
            b"runtime:\n",
            b"runtime:\n  egress: [files.example.net]\n",
            "It will now send data to files.example.net, outside the company.",
        ),
        (
            b"runtime:\n",
            b"runtime:\n  permissions: [s3:GetObject]\n",
            "It now asks for the AWS permission s3:GetObject.",
        ),
    ],
)
def test_what_widens_is_said_in_words(old: bytes, new: bytes, sentence: str) -> None:
    change = diff(of(), of((old, new)))

    assert change.grew
    assert sentence in sentences(change)


def test_a_column_that_loses_its_mask_or_rows_that_lose_their_owner_are_growth() -> None:
    masked = Capability(kind=Kind.COLUMN, subject="a/b/c", title="“Born”", data_class=DataClass.PERSONAL)
    owned = Capability(kind=Kind.ROWS, subject="a/b", title="“Leave”", amount=1)
    before = Capabilities.holding([masked, owned])
    after = Capabilities.holding(
        [masked.model_copy(update={"amount": 1}), owned.model_copy(update={"amount": 1000})]
    )

    assert sentences(diff(before, after)) == [
        "It sees all rows of “Leave”, whoever uses it.",
        "It reads “Born” in clear text, no longer masked (personal).",
    ]
    assert diff(before, after).grew
    assert not diff(after, before).grew


def test_another_version_of_a_dependency_is_another_dependency() -> None:
    files = [{"requirements.txt": b"holidays==0.%d\n" % n} for n in (50, 51)]
    change = diff(of(**files[0]), of(**files[1]))

    assert change.grew
    assert [e.change for e in change.entries] == [Change.ADDED, Change.REMOVED]


def test_a_summary_has_at_most_two_lines() -> None:
    change = diff(of((b", team_calendar]", b"]")), of((b"    commands: [request_leave]\n", b"")))

    more, less = change.summary
    assert more.startswith("More: It will now also read")
    assert more.endswith(" more.")
    assert less.startswith("Less: It may no longer change data")
    assert diff(of(), of()).summary == ("It can do exactly what the version in use can.",)
