import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from appguard.kernel.ids import AppId, BundleDigest, EventId, ReviewId


@pytest.mark.parametrize("bad", ["", "a", "Leave", "-app", "app-", "a" * 41, "app\n", "../x", "app_1", 7])
def test_a_value_of_another_shape_is_no_app_id(bad):
    with pytest.raises(ValueError, match="AppId must be"):
        AppId(bad)


def test_models_validate_and_publish_the_shape():
    adapter = TypeAdapter(AppId)
    assert type(adapter.validate_python("leave-request")) is AppId
    assert "pattern" in adapter.json_schema()
    with pytest.raises(ValidationError):
        adapter.validate_python("Leave Request")


def test_a_retried_step_names_the_same_event_and_a_new_fact_another():
    assert EventId.of("publish", "a") == EventId.of("publish", "a")
    assert EventId.new() != EventId.new()


@given(st.lists(st.text(), max_size=4), st.lists(st.text(), max_size=4))
def test_different_facts_never_share_an_event(left, right):
    assert (EventId.of(*left) == EventId.of(*right)) == (left == right)


def test_one_bundle_of_one_app_has_one_review():
    digest = BundleDigest("sha256:" + "0" * 64)
    assert ReviewId.of(AppId("app-1"), digest) == ReviewId.of(AppId("app-1"), digest)
    assert ReviewId.of(AppId("app-1"), digest) != ReviewId.of(AppId("app-2"), digest)
