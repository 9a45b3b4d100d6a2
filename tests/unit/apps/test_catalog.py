import json
from datetime import UTC, date, datetime
from pathlib import Path

import boto3
import pytest
from moto import mock_aws

from appguard.apps.bundle import Bundle
from appguard.apps.catalog import AppIdTaken, Catalog
from appguard.apps.lifecycle import IllegalTransition, State, Trigger
from appguard.apps.model import DueKind, Grants, Risk
from appguard.apps.store import CatalogStore
from appguard.audit.outbox import Outbox
from appguard.kernel.errors import Forbidden, NotFound, StaleVersion
from appguard.kernel.event import Actor, Role
from appguard.kernel.ids import AppId, EventId
from appguard.kernel.levels import RiskTier
from appguard.kernel.person import Person
from tests.support.tables import catalog_and_outbox

ANA = Person(id="ana@example.com", email="ana@example.com", name="Ana")
ACTOR = ANA.acting_as(Role.REQUESTER)
APP = AppId("leave-request")
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
BUNDLE = Bundle.from_dir(Path("examples/leave-request"))


@pytest.fixture
def aws(monkeypatch):
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    with mock_aws():
        dynamodb = boto3.client("dynamodb")
        catalog_and_outbox(dynamodb)
        s3 = boto3.client("s3", region_name="us-east-1")
        s3.create_bucket(Bucket="artifacts")
        yield dynamodb, s3


@pytest.fixture
def catalog(aws):
    dynamodb, s3 = aws
    return Catalog(
        CatalogStore(dynamodb, s3, Outbox(dynamodb, "outbox"), "catalog", "artifacts"), lambda: NOW
    )


@pytest.fixture
def draft(catalog):
    catalog.create(APP, "Leave", "Ask for leave.", "People", ANA)
    return catalog.save_draft(APP, BUNDLE, ACTOR)


@pytest.fixture
def active(catalog, draft):
    catalog.advance(APP, Trigger.SUBMITTED, ACTOR)
    catalog.advance(APP, Trigger.APPROVED, ACTOR)
    return publish(catalog, "once")


def publish(catalog, step: str):
    risk = Risk(tier=RiskTier.MEDIUM, reasons=("It reads personal data.",))
    grants = Grants.asked_by(BUNDLE.manifest())
    return catalog.publish(
        APP, BUNDLE.digest, risk, grants, "https://x/apps/leave-request/", ACTOR, EventId.of(step)
    )


def actions(aws) -> list[str]:
    items = aws[0].scan(TableName="outbox")["Items"]
    return sorted(json.loads(item["body"]["S"])["action"] for item in items)


def test_every_change_leaves_exactly_one_event(aws, active):
    assert actions(aws) == sorted(
        ["app.created", "app.drafted", "app.submitted", "app.approved", "app.published"]
    )


def test_an_id_is_taken_once(catalog, draft):
    with pytest.raises(AppIdTaken):
        catalog.create(APP, "Other", "", "Other", ANA)


def test_a_draft_takes_its_name_from_its_manifest_and_can_be_read_back(catalog, draft):
    assert draft.name == "Leave request"
    assert catalog.bundle(draft.draft).digest == BUNDLE.digest


def test_a_foreign_manifest_is_no_draft_of_this_app(catalog):
    catalog.create(AppId("other-app"), "Other", "", "Other", ANA)
    with pytest.raises(Forbidden, match="leave-request"):
        catalog.save_draft(AppId("other-app"), BUNDLE, ACTOR)


def test_an_unfinished_manifest_may_be_saved(catalog, draft):
    saved = catalog.save_draft(APP, Bundle({"app.yaml": b"apiVersion: appguard/v1\n"}), ACTOR)
    assert saved.draft != draft.draft


def test_a_step_retried_changes_nothing(aws, catalog, draft):
    step = EventId.of("submit")
    first = catalog.advance(APP, Trigger.SUBMITTED, ACTOR, event_id=step)
    again = catalog.advance(APP, Trigger.SUBMITTED, ACTOR, event_id=step)
    assert again == first
    assert actions(aws).count("app.submitted") == 1


def test_a_change_based_on_an_old_version_is_refused(catalog, draft):
    newer = catalog.advance(APP, Trigger.SUBMITTED, ACTOR)
    event = catalog._event("app.approved", draft, ACTOR, None, {})
    with pytest.raises(StaleVersion):
        catalog._store.save(draft, draft, event)
    assert catalog.get(APP) == newer


def test_a_transition_the_lifecycle_does_not_know_writes_nothing(aws, catalog, draft):
    with pytest.raises(IllegalTransition):
        catalog.advance(APP, Trigger.ARCHIVED, ACTOR)
    assert "app.archived" not in actions(aws)


def test_publication_sets_grants_and_dates_from_the_manifest(catalog, active):
    assert active.publication.retire_on == date(2026, 8, 31)
    assert catalog.permit(APP).grants.connectors["hr-db"].commands == {"request_leave"}
    assert catalog.due(DueKind.IDLE, date(2026, 4, 30)) == [APP]
    assert catalog.due(DueKind.IDLE, date(2026, 4, 29)) == []


def test_publishing_again_with_the_same_step_changes_nothing(catalog, active):
    assert publish(catalog, "once") == active


def test_use_moves_the_idle_date_once_a_day(aws, catalog, active):
    for _ in range(3):
        catalog.used(APP, date(2026, 4, 1))
    assert catalog.due(DueKind.IDLE, date(2026, 5, 30)) == []
    assert catalog.due(DueKind.IDLE, date(2026, 5, 31)) == [APP]
    assert actions(aws).count("app.used") == 1


def test_a_suspended_app_has_no_grants_and_is_not_idle_again_until_it_is_recertified(catalog, active):
    catalog.advance(APP, Trigger.SUSPENDED, Actor.system("sweep"), reason="idle")
    assert catalog.permit(APP) is None
    assert catalog.due(DueKind.IDLE, date(2030, 1, 1)) == []
    catalog.recertify(APP, ACTOR, EventId.of("recertify"))
    assert catalog.permit(APP) is not None
    assert catalog.due(DueKind.IDLE, date(2030, 1, 1)) == [APP]


def test_a_retired_app_is_due_for_nothing_and_keeps_its_record(catalog, active):
    catalog.advance(APP, Trigger.RETIRED, ACTOR)
    assert [catalog.due(kind, date(2030, 1, 1)) for kind in DueKind] == [[]] * len(DueKind)
    assert catalog.get(APP).publication.bundle_digest == BUNDLE.digest


def test_apps_are_found_by_owner_and_state(catalog, active):
    assert [app.app_id for app in catalog.owned_by(ANA.id)] == [APP]
    assert [app.app_id for app in catalog.in_state(State.ACTIVE)] == [APP]


def test_a_card_is_written_with_every_change_of_its_app(catalog, active):
    [card] = catalog.cards()
    assert (card.app_id, card.state, card.version) == (APP, State.ACTIVE, active.version)
    assert card.template == "hr-self-service@1"
    catalog.advance(APP, Trigger.SUSPENDED, Actor.system("test"))
    [card] = catalog.cards()
    assert card.state is State.SUSPENDED


def test_an_altered_bundle_is_not_served(aws, catalog, draft):
    aws[1].put_object(
        Bucket="artifacts", Key=f"bundles/{BUNDLE.digest.hex}.zip", Body=Bundle({"app.yaml": b"x"}).to_zip()
    )
    with pytest.raises(NotFound, match="altered"):
        catalog.bundle(BUNDLE.digest)
