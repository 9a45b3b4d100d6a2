import pytest
from pydantic import ValidationError

from appguard.audit.search.fact import fact_of
from appguard.audit.search.filters import Filters, matches, narrowed
from appguard.kernel.errors import Invalid
from tests.unit.audit.search.made import START, entry, event


@pytest.mark.parametrize(
    "asked",
    [
        {"app": "x' OR 1=1"},
        {"action": "data.read; DROP"},
        {"action": "a b c d e f g h i"},
        {"result": "fine"},
        {"data_class": "secret"},
        {"since": "yesterday"},
        {"since": "2026-03-01T00:00:00"},
        {"since": START, "until": START},
        {"text": "x" * 101},
        {"text": "  "},
        {"text": "a\x00b"},
        {"actor": "a\nb"},
        {"resource": "r" * 578},
        {"order": "DESC"},
    ],
    ids=str,
)
def test_what_cannot_be_asked_is_refused(asked):
    with pytest.raises(ValidationError):
        Filters.model_validate(asked)


def test_text_is_sought_in_either_case_and_in_names_and_values():
    row = fact_of(entry(event(rule="Export-Überall", count=1200)))
    for text in ("export-über", "RULE", "1200", str(event().event_id)):
        assert matches(Filters(text=text), row)


def test_tags_of_persons_are_not_found_by_text():
    row = fact_of(entry(event(subjects=["t0123456789abcdef"], connector="hr-db")))
    assert not matches(Filters(text="t0123456789abcdef"), row)
    assert matches(Filters(text="hr-db"), row)


@pytest.mark.parametrize("asked", ["query", "hr-db/my_requests", "query hr-db/my_requests"])
def test_a_resource_is_asked_for_by_kind_id_or_both(asked):
    row = fact_of(entry(event(kind="query", resource="hr-db/my_requests")))
    assert matches(Filters(resource=asked), row)
    assert not matches(Filters(resource="hr-db"), row)


def test_a_saved_query_is_narrowed_but_not_turned_into_another():
    saved = Filters(action=("data.",))
    assert narrowed(saved, Filters(app="badge")) == Filters(action=("data.",), app="badge")
    with pytest.raises(Invalid, match="says already what action is"):
        narrowed(saved, Filters(action=("app.",)))
