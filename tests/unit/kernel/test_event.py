from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from appguard.kernel.actions import Action
from appguard.kernel.event import Actor, AuditEvent, Resource, RetentionClass, Role

NOW = datetime(2026, 3, 1, tzinfo=UTC)
APP = Resource(type="app", id="leave-request")
ANA = Actor(id="ana", role=Role.REQUESTER)


def test_an_event_reads_back_from_its_json():
    event = AuditEvent.of(Action.APP_CREATED, ANA, APP, NOW, team="HR")
    assert AuditEvent.model_validate_json(event.model_dump_json(by_alias=True)) == event


@pytest.mark.parametrize("action", ["created", "App.Created", "app created", "app.invented"])
def test_nothing_is_recorded_that_the_list_of_actions_does_not_know(action):
    with pytest.raises(ValueError, match="not a valid Action"):
        AuditEvent.of(action, ANA, APP, NOW)


def test_what_a_later_version_recorded_can_be_read():
    told = AuditEvent.of(Action.APP_CREATED, ANA, APP, NOW).model_dump(by_alias=True)
    assert AuditEvent.model_validate(told | {"action": "app.sent_to_mars"}).action == "app.sent_to_mars"


@pytest.mark.parametrize("action", ["created", "App.Created", "app created", "app.created; drop"])
def test_an_action_that_is_read_is_a_noun_and_a_verb(action):
    told = AuditEvent.of(Action.APP_CREATED, ANA, APP, NOW).model_dump(by_alias=True)
    with pytest.raises(ValidationError):
        AuditEvent.model_validate(told | {"action": action})


def test_an_instant_without_zone_is_no_timestamp():
    with pytest.raises(ValidationError):
        AuditEvent.of(Action.APP_CREATED, ANA, APP, NOW.replace(tzinfo=None))


def test_the_trace_of_the_invocation_is_kept(monkeypatch):
    monkeypatch.setenv("_X_AMZN_TRACE_ID", "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=1;Sampled=1")
    assert AuditEvent.of(Action.APP_CREATED, ANA, APP, NOW).trace_id == "1-5759e988-bd862e3fe1be46a994272793"


def test_retention_counts_years():
    assert [retention.years for retention in RetentionClass] == [1, 3, 7]
