"""The rules in plain words, and the two people it takes to change them."""

import json
import shutil

import boto3
import pytest

from appguard.kernel.files import policies_dir
from appguard.policy.releases import releases
from tests.unit.portal.world import ANA, MIA, PAT, SAM, Browser, leave_request, published

PAGE = "/policies/impact"
LATE = "rego/lifecycle/retirement-late/rule.rego"


@pytest.fixture
def staged(tmp_path):
    """A stricter version, uploaded by the platform team's pipeline."""
    folder = tmp_path / "policies"
    shutil.copytree(policies_dir(), folder)
    text = (folder / LATE).read_text()
    (folder / LATE).write_text(
        text.replace("months > 12", "months > 1").replace("severity: approve", "severity: block")
    )
    yield releases().stage(folder)
    table = boto3.resource("dynamodb").Table("catalog")
    for name in ("CANDIDATE", "PUBLISHED"):
        table.delete_item(Key={"pk": "POLICY", "sk": name})


def events():
    items = boto3.client("dynamodb").scan(TableName="outbox")["Items"]
    bodies = [json.loads(item["body"]["S"]) for item in items if "body" in item]
    return [body for body in bodies if body["action"].startswith("policy.")]


def test_everybody_can_read_the_rules():
    page = Browser.of(MIA).get("/policies")
    assert page.status == 200
    assert "Personal data needs a person" in page.body
    assert "No secret in an app" in page.body
    assert "as deployed" in page.body
    assert PAGE not in page.body


def test_only_platform_and_security_compare():
    assert Browser.of(ANA).get(PAGE).status == 403
    assert Browser.of(PAT).get(PAGE).status == 200


def test_a_staged_version_is_compared_with_what_is_in_force(staged):
    published(leave_request())
    page = Browser.of(PAT).get(f"{PAGE}?digest={staged}")
    assert "1 apps in use, 0 unchanged" in page.body
    assert "Newly refused: 1" in page.body
    assert "retirement-late" in page.body
    assert events() == []


def test_one_person_proposes_and_another_publishes(staged):
    published(leave_request())
    assert Browser.of(PAT).post(PAGE, verdict="propose", digest=staged).status == 303
    assert Browser.of(SAM).post(PAGE, verdict="publish", digest=staged).status == 303
    assert releases().in_force() != policies_dir()
    told = {event["action"]: event for event in events()}
    assert told["policy.proposed"]["actor"]["id"] == PAT.id
    assert told["policy.proposed"]["metadata"]["impact"]["newly_refused"] == 1
    assert told["policy.published"]["actor"]["id"] == SAM.id
    assert told["policy.published"]["resource"]["id"] == staged
    assert "published" in Browser.of(MIA).get("/policies").body


def test_nobody_publishes_what_they_proposed(staged):
    browser = Browser.of(PAT)
    browser.post(PAGE, verdict="propose", digest=staged)
    assert "somebody else publishes it" in browser.get(PAGE).body
    refused = browser.post(PAGE, verdict="publish", digest=staged)
    assert refused.status == 403
    assert releases().in_force() == policies_dir()
    assert [(e["action"], e["result"]) for e in events() if e["result"] == "denied"] == [
        ("policy.published", "denied")
    ]


def test_a_decision_needs_a_fresh_sign_in_and_the_forms_token(staged, monkeypatch):
    assert Browser.of(PAT).post(PAGE, csrf="x", verdict="propose", digest=staged).status == 403
    monkeypatch.setattr("appguard.portal.model.Session.fresh", lambda *_: False)
    answer = Browser.of(PAT).post(PAGE, verdict="propose", digest=staged)
    assert answer.status == 403
    assert "Confirm that it is you" in answer.body
    assert releases().candidate() is None


def test_a_candidate_can_be_withdrawn(staged):
    Browser.of(PAT).post(PAGE, verdict="propose", digest=staged)
    assert Browser.of(SAM).post(PAGE, verdict="withdraw", digest=staged).status == 303
    assert releases().candidate() is None


@pytest.mark.parametrize("digest", ["", "sha256:" + "0" * 64, "../../etc/passwd", "<script>"])
def test_a_digest_that_names_nothing_is_told_kindly(digest):
    answer = Browser.of(PAT).post(PAGE, verdict="propose", digest=digest)
    assert answer.status in (400, 404)
    assert "That did not work" in answer.body
    assert "<script>" not in answer.body.replace("<script src", "")
