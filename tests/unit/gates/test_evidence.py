from collections.abc import Iterator

import boto3
import pytest
from moto import mock_aws

from appguard.apps.bundle import Bundle
from appguard.gates import evidence, handler
from appguard.gates.model import GateContext
from appguard.gates.store import Evidence
from appguard.kernel.errors import Invalid
from appguard.kernel.files import policies_dir
from appguard.kernel.finding import Severity
from appguard.kernel.ids import AppId, ReviewId
from appguard.policy.engine import engine

BUCKET = "artifacts"


class OneBundle:
    """A catalog that holds one bundle."""

    def __init__(self, bundle: Bundle) -> None:
        self._bundle = bundle

    def bundle(self, digest: str) -> Bundle:
        assert digest == self._bundle.digest
        return self._bundle


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[Evidence]:
    with mock_aws():
        s3 = boto3.client("s3", region_name="us-east-1")
        s3.create_bucket(Bucket=BUCKET)
        store = Evidence(s3, BUCKET)
        monkeypatch.setattr(evidence, "evidence", lambda: store)
        monkeypatch.setattr(GateContext, "in_force", GateContext.of_platform)
        yield store


@pytest.fixture
def review(monkeypatch: pytest.MonkeyPatch, leave_request: Bundle) -> ReviewId:
    monkeypatch.setattr(evidence, "catalog", lambda: OneBundle(leave_request))
    return ReviewId.of(AppId("leave-request"), leave_request.digest)


class Context:
    """What Powertools reads of Lambda's context."""

    function_name = "gate"
    memory_limit_in_mb = 512
    invoked_function_arn = "arn:aws:lambda:us-east-1:000000000000:function:gate"
    aws_request_id = "r"


def step(review: ReviewId, bundle: Bundle) -> dict[str, str]:
    return {"app_id": "leave-request", "review_id": review, "bundle_digest": bundle.digest, "execution": "x"}


def test_each_gate_leaves_its_own_evidence(kept: Evidence, review: ReviewId, leave_request: Bundle) -> None:
    event = step(review, leave_request)
    assert handler.manifest(event, Context()) == {"gate": "manifest", "blocks": 0, "approvals": 0}
    assert handler.policy(event, Context()) == {"gate": "policy", "blocks": 0, "approvals": 4}
    found = {result.gate: result for result in evidence.results(review)}
    assert list(found) == ["manifest", "policy"]
    assert found["policy"].bundle_digest == leave_request.digest
    assert found["policy"].review_id == review
    assert {f.severity for f in found["policy"].findings} == {Severity.APPROVE, Severity.WARN}


def test_a_bad_bundle_is_evidence_and_no_error(kept: Evidence, monkeypatch: pytest.MonkeyPatch) -> None:
    bundle = Bundle({"app.yaml": b"a: &a [*a]\n"})
    monkeypatch.setattr(evidence, "catalog", lambda: OneBundle(bundle))
    review = ReviewId.of(AppId("leave-request"), bundle.digest)
    assert handler.manifest(step(review, bundle), Context())["blocks"] == 1
    assert handler.policy(step(review, bundle), Context())["blocks"] == 0
    assert evidence.results(review)[0].findings[0].rule == "manifest-invalid"


def test_a_retried_gate_replaces_its_own_evidence(
    kept: Evidence, review: ReviewId, leave_request: Bundle
) -> None:
    for _ in range(2):
        handler.manifest(step(review, leave_request), Context())
    assert len(evidence.results(review)) == 1


def test_a_review_no_gate_has_seen_has_no_evidence(kept: Evidence, review: ReviewId) -> None:
    assert evidence.results(review) == []


def test_evidence_without_a_review_is_refused(
    kept: Evidence, review: ReviewId, leave_request: Bundle
) -> None:
    handler.manifest(step(review, leave_request), Context())
    with pytest.raises(ValueError, match="belongs to a review"):
        kept.save(evidence.results(review)[0].model_copy(update={"review_id": None}))


def test_the_policy_gate_keeps_what_it_was_asked(
    kept: Evidence, review: ReviewId, leave_request: Bundle
) -> None:
    handler.policy(step(review, leave_request), Context())
    handler.manifest(step(review, leave_request), Context())
    found = {result.gate: result.input for result in evidence.results(review)}
    asked = found["policy"]
    assert found["manifest"] is None
    assert asked is not None
    assert asked.intact
    replayed = engine(policies_dir()).evaluate_document(kept.policy_input(review, leave_request.digest))
    assert len([finding for finding in replayed if finding.severity is Severity.APPROVE]) == 4


def test_an_input_that_was_altered_is_not_replayed(
    kept: Evidence, review: ReviewId, leave_request: Bundle
) -> None:
    handler.policy(step(review, leave_request), Context())
    (result,) = evidence.results(review)
    assert result.input is not None
    quieter = result.input.model_copy(update={"document": {**result.input.document, "permissions": ["x"]}})
    kept.save(result.model_copy(update={"input": quieter}))
    with pytest.raises(Invalid, match="altered"):
        kept.policy_input(review, leave_request.digest)


def test_a_review_from_before_inputs_were_kept_has_none(
    kept: Evidence, review: ReviewId, leave_request: Bundle
) -> None:
    assert kept.policy_input(review, leave_request.digest) is None
