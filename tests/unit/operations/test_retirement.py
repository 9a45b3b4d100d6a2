import json

import pytest

from appguard.apps.bundle import Bundle
from appguard.apps.lifecycle import IllegalTransition, State
from appguard.gates.limits import SECONDS
from appguard.kernel.event import Role
from appguard.operations.errors import NotTheOwner, RemovalUnderWay
from tests.support.world import DEFECTS, MIA, REQUESTER, harmless


def archived(world) -> dict[str, bytes]:
    found = world.s3.list_objects_v2(Bucket="archive").get("Contents", ())
    return {
        item["Key"].rpartition("/")[2]: world.s3.get_object(Bucket="archive", Key=item["Key"])["Body"].read()
        for item in found
    }


def test_a_retired_app_is_archived_and_what_it_ran_on_is_gone(world, published, retirement, places):
    app = retirement.retire(DEFECTS, REQUESTER)

    assert app.state is State.ARCHIVED
    assert places.removed == [DEFECTS]
    assert world.actions("app.retired") + world.actions("app.archived") == ["app.retired", "app.archived"]


def test_the_archive_holds_bundle_sbom_gate_results_and_where_the_ledger_proves_it(
    world, published, retirement
):
    retirement.retire(DEFECTS, REQUESTER)

    kept = archived(world)
    assert Bundle.from_zip(kept["bundle.zip"]).digest == published.bundle_digest
    assert json.loads(kept["sbom.spdx.json"])["spdxVersion"] == "SPDX-2.3"
    assert kept["attestation.dsse.json"] == f"signed for {published.execution}".encode()
    assert [result["gate"] for result in json.loads(kept["gates.json"])] == list(SECONDS)
    recorded = {event.event_id for event in world.events()}
    named = json.loads(kept["ledger.json"])["events"]
    for fact in ("review.submitted", "review.approved", "review.published", "app.retired"):
        assert set(named[fact]) <= recorded


@pytest.mark.parametrize("dies_at", ["pause", "keep", "remove", "archived"])
def test_a_retirement_that_died_anywhere_is_completed_by_the_next_and_recorded_once(
    world, published, retirement, places, monkeypatch, dies_at
):
    advance = world.apps.advance

    def dies_at_the_end(app_id, trigger, *args, **named):
        if trigger == "archived":
            dies()
        return advance(app_id, trigger, *args, **named)

    target, broken_one = {
        "pause": ((places, "pause"), dies),
        "keep": ((retirement.archive.store, "put"), dies),
        "remove": ((places, "remove"), dies),
        "archived": ((world.apps, "advance"), dies_at_the_end),
    }[dies_at]
    with monkeypatch.context() as broken:
        broken.setattr(*target, broken_one)
        with pytest.raises(ConnectionError):
            retirement.retire(DEFECTS, REQUESTER)
    assert world.apps.get(DEFECTS).state is State.RETIRED
    assert world.apps.permit(DEFECTS) is None

    first = archived(world)
    assert retirement.retire(DEFECTS, REQUESTER).state is State.ARCHIVED
    assert retirement.retire(DEFECTS, REQUESTER).state is State.ARCHIVED
    assert archived(world).items() >= first.items()
    assert world.actions("app.retired") + world.actions("app.archived") == ["app.retired", "app.archived"]


def dies(*_args, **_named):
    raise ConnectionError("the process died here")


def test_while_its_stack_is_being_deleted_the_app_is_retired_but_not_yet_archived(
    world, published, retirement, places
):
    places.slow = True

    with pytest.raises(RemovalUnderWay):
        retirement.retire(DEFECTS, REQUESTER)

    assert world.apps.get(DEFECTS).state is State.RETIRED


def test_only_the_owner_or_the_platform_retires(published, retirement, places):
    with pytest.raises(NotTheOwner):
        retirement.retire(DEFECTS, MIA.acting_as(Role.EMPLOYEE))

    assert places.removed == []


def test_a_draft_cannot_be_retired(world, retirement, places):
    world.draft(DEFECTS, harmless())

    with pytest.raises(IllegalTransition):
        retirement.retire(DEFECTS, REQUESTER)
    assert places.removed == []
