import json
from datetime import UTC, datetime
from hashlib import sha256

import boto3

from appguard.apps.bundle import Bundle
from appguard.apps.catalog import catalog
from appguard.apps.lifecycle import State
from appguard.apps.model import KnownFault
from appguard.kernel.clock import utc_now
from appguard.kernel.event import Actor
from appguard.kernel.ids import AppId
from appguard.reviews.model import RestsOn, Stage, StepInput
from appguard.reviews.reviews import reviews
from appguard.reviews.steps import Judgement, Steps
from tests.unit.portal.world import (
    ADA,
    ANA,
    MIA,
    PAT,
    ROB,
    Browser,
    leave_request,
    published,
    submitted,
    waiting,
)

HERE = "/my/leave-request"


def test_a_draft_is_seen_by_its_owner_and_those_who_watch_over_apps():
    leave_request()
    seen = {person.id: Browser.of(person).get(HERE).status for person in (ANA, MIA, ADA, PAT, ROB)}
    assert {person for person, status in seen.items() if status == 404} == {MIA.id}


def test_faults_that_became_known_are_shown_to_those_who_act_on_them():
    app = published(leave_request())
    fault = KnownFault(package="jinja2", version="3.1.2", advisory="CVE-1", fixed="3.1.6", since=utc_now())
    assert "became known" not in Browser.of(ANA).get(HERE).body
    catalog().know_faults(app, (fault,), Actor.system("operations"))
    for person, told in ((ANA, True), (ROB, True), (MIA, False)):
        assert ("Pin <code>jinja2==3.1.6" in Browser.of(person).get(HERE).body) == told


def test_the_owner_submits_the_version_they_saw():
    app = leave_request()
    browser = Browser.of(ANA)
    assert app.draft in browser.get(HERE).body
    assert browser.post(f"{HERE}/submit", digest=app.draft).status == 303
    assert catalog().get(app.app_id).state is State.IN_REVIEW
    assert [review.bundle_digest for review in reviews().of_app(app.app_id)] == [app.draft]


def test_a_version_the_owner_did_not_see_is_not_submitted():
    leave_request()
    answer = Browser.of(ANA).post(f"{HERE}/submit", digest="sha256:" + "0" * 64)
    assert (answer.status, "changed since" in answer.body) == (409, True)


def test_nobody_submits_the_app_of_somebody_else():
    app = leave_request(owner=ROB)
    published(app)
    assert Browser.of(ANA).post(f"{HERE}/submit", digest=app.draft).status == 403


def test_progress_is_a_piece_that_asks_again_while_the_review_goes_on():
    submitted(leave_request())
    piece = Browser.of(ANA).get(f"{HERE}/progress", **{"hx-request": "true"})
    assert "<html" not in piece.body
    assert 'hx-trigger="every 1500ms"' in piece.body
    assert "Risk worked out" in piece.body


def test_progress_says_that_a_person_is_asked():
    waiting(leave_request())
    assert "A reviewer has been asked" in Browser.of(ANA).get(HERE).body


def test_progress_of_a_strangers_draft_is_not_to_be_seen():
    submitted(leave_request())
    assert Browser.of(MIA).get(f"{HERE}/progress").status == 404


def test_a_published_app_is_open_to_all_with_its_insides_for_those_who_answer_for_it():
    published(leave_request())
    outside, inside = Browser.of(MIA).get(HERE).body, Browser.of(PAT).get(HERE).body
    assert "Open the app" in outside
    assert "my_leave_balance" not in outside
    assert "my_leave_balance" in inside


def test_buttons_are_shown_to_those_who_may_press_them():
    published(leave_request())
    shown = {
        p.id: [act for act in ("suspend", "retire") if f'href="{HERE}/{act}"' in Browser.of(p).get(HERE).body]
        for p in (ANA, PAT, ADA, ROB)
    }
    assert shown == {
        ANA.id: ["suspend", "retire"],
        PAT.id: ["suspend", "retire"],
        ADA.id: [],
        ROB.id: [],
    }


def test_the_parts_list_is_an_spdx_file():
    published(leave_request())
    answer = Browser.of(ADA).get(f"{HERE}/sbom")
    assert json.loads(answer.body)["spdxVersion"] == "SPDX-2.3"
    assert "leave-request.spdx.json" in answer.headers["content-disposition"]


def test_the_parts_list_is_a_cyclonedx_file_for_who_asks_so():
    published(leave_request())
    answer = Browser.of(ADA).get(f"{HERE}/sbom?format=cyclonedx")
    assert json.loads(answer.body)["bomFormat"] == "CycloneDX"
    assert "leave-request.cdx.json" in answer.headers["content-disposition"]


def attested(app, envelope: bytes = b'{"payload": "signed"}'):
    """The app's draft, approved, attested and in use."""
    step = StepInput.of(submitted(app))
    steps = Steps(
        reviews(), catalog(), lambda _: [], lambda _: None, lambda _: None, "https://apps.example.com"
    )
    steps.approve(step, Judgement())
    key = f"attestations/{app.app_id}/{app.draft.hex}/{step.execution}.dsse.json"
    boto3.client("s3").put_object(Bucket="artifacts", Key=key, Body=envelope)
    reviews().attested(step, sha256(envelope).hexdigest(), {})
    steps.publish(step)


def test_the_attestation_of_the_version_in_use_can_be_downloaded():
    app = leave_request()
    assert Browser.of(ANA).get(f"{HERE}/attestation").status == 404
    attested(app)

    assert f"{HERE}/attestation" in Browser.of(ADA).get(HERE).body
    for person in (ANA, ADA, ROB):
        answer = Browser.of(person).get(f"{HERE}/attestation")
        assert json.loads(answer.body) == {"payload": "signed"}
        assert answer.headers["content-type"] == "application/vnd.in-toto+json"


def test_who_asked_and_who_decided_is_not_for_every_employee():
    attested(leave_request())
    assert Browser.of(MIA).get(f"{HERE}/attestation").status == 404


def test_a_version_that_was_never_attested_has_no_attestation():
    attested(leave_request())
    for version in ("sha256:" + "0" * 64, "..", "x" * 5000):
        assert Browser.of(ANA).get(f"{HERE}/attestation?version={version}").status == 404


def test_an_address_that_is_no_app_id_finds_nothing():
    for name in ("UPPER", "x", "no-such-app", "a" * 60, "..", "%2e%2e"):
        assert Browser.of(ANA).get(f"/my/{name}").status == 404


def test_a_suspended_app_asks_its_owner_to_recertify():
    from appguard.apps.lifecycle import Trigger  # noqa: PLC0415
    from appguard.kernel.event import Actor  # noqa: PLC0415

    published(leave_request())
    catalog().advance(AppId("leave-request"), Trigger.SUSPENDED, Actor.system("test"))
    assert "Take it into use again" in Browser.of(ANA).get(HERE).body
    assert "One thing waits for you" in Browser.of(ANA).get("/").body


def test_before_submitting_the_owner_sees_what_changes_against_the_version_in_use():
    app = published(leave_request())
    text = catalog().bundle(app.draft).files["app.yaml"].replace(b"memory_mb: 256", b"memory_mb: 512")
    catalog().save_draft(app.app_id, Bundle({"app.yaml": text}), ANA.acting_as("requester"))

    assert "It asks for twice the memory (256 → 512 MB)." in Browser.of(ANA).get(HERE).body


def test_a_review_that_rests_on_an_approval_says_that_no_one_was_asked():
    step = StepInput.of(submitted(leave_request()))
    rests_on = RestsOn(
        approval_id="apr-" + "1" * 64, approved_by=ROB.id, approved_at=datetime(2026, 11, 3, tzinfo=UTC)
    )
    reviews().reach(step, Stage.CHECKED, rests_on=rests_on)

    page = Browser.of(ANA).get(HERE).text

    assert "No one was asked." in page
    assert "approved by rob@example.com on 3 November 2026" in page
