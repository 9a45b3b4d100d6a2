from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from appguard.kernel.event import Actor, AuditEvent, Resource, RetentionClass, Role

NOW = datetime(2026, 3, 1, tzinfo=UTC)
APP = Resource(type="app", id="leave-request")
ANA = Actor(id="ana", role=Role.REQUESTER)


def test_an_event_reads_back_from_its_json():
    event = AuditEvent.of("app.created", ANA, APP, NOW, team="HR")
    assert AuditEvent.model_validate_json(event.model_dump_json(by_alias=True)) == event


@pytest.mark.parametrize("action", ["created", "App.Created", "app created", "app.created; drop"])
def test_an_action_is_a_noun_and_a_verb(action):
    with pytest.raises(ValidationError):
        AuditEvent.of(action, ANA, APP, NOW)


def test_an_instant_without_zone_is_no_timestamp():
    with pytest.raises(ValidationError):
        AuditEvent.of("app.created", ANA, APP, NOW.replace(tzinfo=None))


def test_the_trace_of_the_invocation_is_kept(monkeypatch):
    monkeypatch.setenv("_X_AMZN_TRACE_ID", "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=1;Sampled=1")
    assert AuditEvent.of("app.created", ANA, APP, NOW).trace_id == "1-5759e988-bd862e3fe1be46a994272793"


def test_retention_counts_years():
    assert [retention.years for retention in RetentionClass] == [1, 3, 7]
