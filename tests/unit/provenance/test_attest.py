"""The step `Attest`: what it says, that it says it once, and what it does not vouch for."""

import json
from hashlib import sha256
from pathlib import Path

import pytest

from appguard.apps.bundle import Bundle
from appguard.apps.lifecycle import State
from appguard.kernel.errors import Misconfigured
from appguard.provenance import dsse
from appguard.provenance.errors import NotAttested, SourceNotProtected
from appguard.provenance.store import BILL, Place
from appguard.reviews.errors import NotApproved
from appguard.reviews.model import StepInput
from appguard.reviews.steps import Judgement
from tests.support.git_source import LISTED, git
from tests.support.world import DEFECTS, LEAVE, REQUESTER, RISKY, ROB, block, harmless
from tests.unit.provenance.conftest import Case


def stored(world) -> dict[str, bytes]:
    found = world.s3.list_objects_v2(Bucket="artifacts", Prefix="attestations/").get("Contents", ())
    return {o["Key"]: world.s3.get_object(Bucket="artifacts", Key=o["Key"])["Body"].read() for o in found}


def resources(statement, part: str, name: str) -> list[dict]:
    where = {"resolvedDependencies": "buildDefinition", "byproducts": "runDetails"}[part]
    return [r for r in statement["predicate"][where][part] if r["name"].startswith(name)]


def test_it_names_the_bundle_by_content_and_as_a_file(case):
    names = {subject["name"]: subject["digest"]["sha256"] for subject in case.statement["subject"]}

    assert names == {
        LEAVE: RISKY.digest.hex,
        f"{LEAVE}.zip": sha256(RISKY.to_zip()).hexdigest(),
    }


def test_it_says_who_asked_who_decided_and_from_which_source(case):
    build = case.statement["predicate"]["buildDefinition"]

    assert build["externalParameters"] == {
        "appId": LEAVE,
        "requester": "ana@example.com",
        "source": {"kind": "portal", "draft": RISKY.digest},
    }
    assert build["internalParameters"]["decidedBy"] == ROB.id
    assert "personal" in build["internalParameters"]["classes"]


def test_what_came_from_git_carries_its_commit(notary):
    source = git()
    world = notary.world
    digest = world.draft(LEAVE, RISKY)
    step = StepInput.of(world.reviews.submit(LEAVE, digest, REQUESTER, source))
    world.gates_say(step)
    world.steps.approve(step, Judgement(decided_by=ROB.id))
    notary.protected = LISTED

    case = Case(notary, step, notary.attested(step))
    [commit] = resources(case.statement, "resolvedDependencies", "source")

    said = case.statement["predicate"]["buildDefinition"]["externalParameters"]["source"]
    assert said == source.model_dump(mode="json", by_alias=True)
    assert (said["kind"], said["commit"], said["refProtected"]) == ("git", source.commit, True)
    assert commit["uri"] == f"git+{source.repository}@refs/heads/main"
    assert commit["digest"] == {"gitCommit": source.commit}


def test_personal_data_from_an_unprotected_branch_is_not_attested(notary):
    world = notary.world
    step = StepInput.of(world.reviews.submit(LEAVE, world.draft(LEAVE, RISKY), REQUESTER, git()))
    world.gates_say(step)
    world.steps.approve(step, Judgement(decided_by=ROB.id))

    with pytest.raises(SourceNotProtected):
        notary.step.attest(step)
    assert world.events("bundle.attested") == []


def test_it_names_what_the_bundle_rests_on(case):
    [template] = resources(case.statement, "resolvedDependencies", "template")
    [policy] = resources(case.statement, "resolvedDependencies", "policy")
    connectors = resources(case.statement, "resolvedDependencies", "connector")

    assert template["uri"].endswith("/templates/hr-self-service@1")
    assert len(template["digest"]["sha256"]) == 64
    assert policy["digest"] == {"sha256": "0" * 64}
    text = Path("policies/connectors/hr-db.yaml").read_bytes()
    assert connectors[0]["digest"]["sha256"] == sha256(text).hexdigest()


def test_it_names_what_the_gates_found_and_the_bill_of_materials_that_stands_beside_it(case):
    world, step = case.notary.world, case.step
    gates = resources(case.statement, "byproducts", "gate/")
    [bill] = resources(case.statement, "byproducts", "sbom")
    beside = case.notary.store.find(Place(step.app_id, step.bundle_digest, step.execution), BILL)

    assert [g["digest"]["sha256"] for g in gates] == [
        sha256(r.model_dump_json().encode()).hexdigest()
        for r in sorted(world.results(step.review_id), key=lambda r: r.gate)
    ]
    assert gates[0]["annotations"]["block"] == 0
    assert bill["digest"]["sha256"] == sha256(beside).hexdigest()


def test_an_unchanged_step_signs_once_and_changes_nothing_the_second_time(case):
    before = stored(case.notary.world)
    case.notary.world.clock.pass_(hours=1)
    case.notary.step.attest(case.step)

    assert stored(case.notary.world) == before
    assert case.notary.kms.signed == 1
    [event] = case.notary.world.events("bundle.attested")
    assert event.resource.id == RISKY.digest
    assert event.metadata["attestation"] == sha256(case.envelope).hexdigest()


@pytest.mark.parametrize("dies_at", ["bill", "envelope"])
def test_a_step_that_died_is_completed_with_the_document_it_left(world, notary, monkeypatch, dies_at):
    step = notary.approved()
    with monkeypatch.context() as broken:
        target = (notary.key, "sign") if dies_at == "bill" else (world.reviews, "attested")
        broken.setattr(*target, lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            notary.step.attest(step)
    left = stored(world)
    world.clock.pass_(hours=1)

    notary.step.attest(step)

    assert left.items() <= stored(world).items()
    assert len(world.events("bundle.attested")) == 1


def test_the_same_review_gives_the_same_statement_whenever_it_is_written(world, notary):
    step = notary.approved()
    first = notary.attested(step)
    for key in stored(world):
        world.s3.delete_object(Bucket="artifacts", Key=key)
    world.clock.pass_(days=1)
    again = notary.step._sealed(world.reviews.approved(step))

    assert dsse.read(again).content == dsse.read(first).content


def test_what_somebody_else_put_in_its_place_is_not_taken_for_ours(world, notary):
    step = notary.approved()
    place = Place(step.app_id, step.bundle_digest, step.execution)
    notary.store.keep(place, "dsse.json", b'{"payload": "planted"}')

    with pytest.raises(NotAttested):
        notary.step.attest(step)
    assert world.events("bundle.attested") == []


def test_only_an_approved_bundle_is_attested(world, notary):
    step = world.submitted()

    with pytest.raises(NotApproved):
        notary.step.attest(step)
    assert notary.kms.signed == 0


def test_without_evidence_of_the_gates_nothing_is_signed(world, notary):
    step = notary.approved()
    world.found.clear()

    with pytest.raises(NotAttested):
        notary.step.attest(step)
    assert notary.kms.signed == 0


def test_evidence_about_another_bundle_is_no_evidence(world, notary):
    step = notary.approved()
    other = harmless().digest
    world.found[step.review_id] = [
        r.model_copy(update={"bundle_digest": other}) for r in world.results(step.review_id)
    ]

    with pytest.raises(NotAttested):
        notary.step.attest(step)


def test_findings_are_counted_by_severity(world, notary):
    step = notary.approved(DEFECTS, harmless())
    world.gates_say(step, block())
    statement = json.loads(dsse.read(notary.attested(step)).content)

    assert sum(g["annotations"]["block"] for g in resources(statement, "byproducts", "gate/")) == 1


def test_publishing_asks_for_the_attestation(world, notary):
    step = notary.approved()

    with pytest.raises(NotAttested):
        world.steps.publish(step)
    assert world.apps.get(LEAVE).state is State.APPROVED

    notary.step.attest(step)
    published = world.steps.publish(step)
    assert published.attestation == world.events("bundle.attested")[0].metadata["attestation"]


def test_an_attestation_that_was_exchanged_after_it_was_recorded_is_refused(case):
    place = Place(case.step.app_id, case.step.bundle_digest, case.step.execution)
    case.notary.world.s3.put_object(
        Bucket="artifacts", Key=place.key("dsse.json"), Body=case.notary.seal(case.statement)
    )

    with pytest.raises(NotAttested, match="not the one"):
        case.notary.world.steps.publish(case.step)


def test_without_the_list_of_sources_nothing_passes(case, monkeypatch):
    def lost():
        raise Misconfigured("policies/sources.yaml cannot be read")

    object.__setattr__(case.notary.acceptance, "sources", lost)

    with pytest.raises(Misconfigured):
        case.notary.world.steps.publish(case.step)


def test_a_package_is_named_by_purl(world, notary):
    files = {**harmless().files, "requirements.txt": b"Python_DateUtil==2.9.0\n"}
    step = notary.approved(DEFECTS, Bundle(files))
    statement = json.loads(dsse.read(notary.attested(step)).content)

    uris = [r.get("uri") for r in statement["predicate"]["buildDefinition"]["resolvedDependencies"]]
    assert "pkg:pypi/python-dateutil@2.9.0" in uris
