"""The rules in plain words, and the two people it takes to change them."""

import json
import shutil
from datetime import timedelta
from html import unescape

import boto3
import pytest

from appguard.gates.replay import active_inputs
from appguard.gates.rulebook import entries
from appguard.kernel.files import policies_dir
from appguard.policy.comparisons import comparisons
from appguard.policy.releases import releases
from tests.unit.portal.world import ANA, MIA, PAT, SAM, Browser, leave_request, published

PAGE = "/policies/impact"
COMPARE = "/policies/impact/compare"
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
    artifacts = boto3.resource("s3").Bucket("artifacts")
    artifacts.objects.filter(Prefix="comparisons/").delete()


@pytest.fixture(autouse=True)
def asked(monkeypatch):
    """What the portal has asked the comparing function for; it runs when a test says so."""
    calls = []
    monkeypatch.setattr("appguard.policy.comparisons._ask", calls.append)
    comparisons.cache_clear()
    yield calls
    comparisons.cache_clear()


def compared(asked, digest):
    """Somebody has had this version compared."""
    assert Browser.of(PAT).post(COMPARE, digest=digest).status == 303
    comparisons().run(asked.pop(), active_inputs)


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


def test_a_topic_tells_its_rules_in_full_with_what_to_do():
    page = Browser.of(MIA).get("/policies?topic=exposure").body
    book = [rule for rule in entries(policies_dir()).values() if rule.topic == "exposure"]
    assert len(book) > 1
    assert all(text in unescape(page) for rule in book for text in (rule.title, rule.why, rule.remediation))
    assert "No secret in an app" not in page


def test_only_platform_and_security_compare():
    assert Browser.of(ANA).get(PAGE).status == 403
    assert Browser.of(PAT).get(PAGE).status == 200


def test_a_staged_version_is_compared_with_what_is_in_force_while_the_page_waits(staged, asked):
    published(leave_request())
    browser = Browser.of(PAT)
    assert "Not compared yet" in browser.get(f"{PAGE}?digest={staged}").body
    sent = browser.post(COMPARE, digest=staged)
    assert (sent.status, sent.headers["location"]) == (303, f"{PAGE}?digest={staged.removeprefix('sha256:')}")
    page = browser.get(sent.headers["location"])
    assert "0 apps examined so far" in page.body
    assert 'hx-trigger="every 2s"' in page.body
    assert '<noscript><meta http-equiv="refresh"' in page.body
    assert "Propose this version" not in page.body
    [asking] = asked
    comparisons().run(asking, active_inputs)
    page = browser.get(sent.headers["location"])
    assert "1 app in use, 0 unchanged" in page.body
    assert "Newly refused: 1" in page.body
    assert "retirement-late" in page.body
    assert "hx-trigger" not in page.body
    assert "http-equiv" not in page.body
    assert events() == []


def test_a_comparison_under_way_is_not_begun_twice(staged, asked):
    for _ in range(2):
        Browser.of(PAT).post(COMPARE, digest=staged)
    assert len(asked) == 1


def test_a_comparison_that_stopped_or_did_not_work_can_be_begun_again(staged, asked, monkeypatch):
    browser = Browser.of(PAT)
    browser.post(COMPARE, digest=staged)
    with monkeypatch.context() as later:
        later.setattr("appguard.policy.comparison.STALLED_AFTER", timedelta(seconds=-1))
        assert "The comparison stopped" in browser.get(f"{PAGE}?digest={staged}").body
    other = asked[0].model_copy(update={"before": "sha256:" + "0" * 64})
    comparisons().run(other, active_inputs)
    monkeypatch.setattr(comparisons().__class__, "latest", lambda self, _: self.state(other))
    page = browser.get(f"{PAGE}?digest={staged}").body
    assert "Other policies came into force meanwhile. Compare again." in page
    assert "Compare again</button>" in page


def test_nobody_proposes_what_has_not_been_compared(staged):
    answer = Browser.of(PAT).post(PAGE, verdict="propose", digest=staged)
    assert answer.status == 409
    assert "have not been compared" in answer.body
    assert releases().candidate() is None


def test_whoever_publishes_sees_what_the_proposer_saw(staged, asked):
    published(leave_request())
    compared(asked, staged)
    Browser.of(PAT).post(PAGE, verdict="propose", digest=staged)
    published(leave_request(app_id="came-later"))
    Browser.of(SAM).post(COMPARE, digest=staged)
    assert asked == []
    assert "1 app in use, 0 unchanged" in Browser.of(SAM).get(PAGE).body


def test_a_candidate_can_be_withdrawn_even_when_no_comparison_is_kept(staged, asked):
    compared(asked, staged)
    Browser.of(PAT).post(PAGE, verdict="propose", digest=staged)
    boto3.resource("s3").Bucket("artifacts").objects.filter(Prefix="comparisons/").delete()
    page = Browser.of(SAM).get(PAGE).body
    assert "Withdraw" in page
    assert ">Publish<" not in page


def test_only_platform_and_security_have_versions_compared(staged, asked):
    assert Browser.of(ANA).post(COMPARE, digest=staged).status == 403
    assert Browser.of(PAT).post(COMPARE, csrf="x", digest=staged).status == 403
    assert asked == []


def test_one_person_proposes_and_another_publishes(staged, asked):
    published(leave_request())
    compared(asked, staged)
    assert Browser.of(PAT).post(PAGE, verdict="propose", digest=staged).status == 303
    assert Browser.of(SAM).post(PAGE, verdict="publish", digest=staged).status == 303
    assert releases().in_force() != policies_dir()
    told = {event["action"]: event for event in events()}
    assert told["policy.proposed"]["actor"]["id"] == PAT.id
    assert told["policy.proposed"]["metadata"]["impact"]["newly_refused"] == 1
    assert told["policy.published"]["actor"]["id"] == SAM.id
    assert told["policy.published"]["resource"]["id"] == staged
    assert "published" in Browser.of(MIA).get("/policies").body


def test_nobody_publishes_what_they_proposed(staged, asked):
    compared(asked, staged)
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


def test_a_candidate_can_be_withdrawn(staged, asked):
    compared(asked, staged)
    Browser.of(PAT).post(PAGE, verdict="propose", digest=staged)
    assert Browser.of(SAM).post(PAGE, verdict="withdraw", digest=staged).status == 303
    assert releases().candidate() is None


@pytest.mark.parametrize("digest", ["", "sha256:" + "0" * 64, "../../etc/passwd", "<script>"])
@pytest.mark.parametrize("address", [PAGE, COMPARE])
def test_a_digest_that_names_nothing_is_told_kindly(digest, address):
    answer = Browser.of(PAT).post(address, verdict="propose", digest=digest)
    assert answer.status in (400, 404)
    assert "That did not work" in answer.body
    assert "<script>" not in answer.body.replace("<script src", "")
