"""Policies come into force by two people, and never damaged."""

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import boto3
import pytest
from moto import mock_aws

from appguard.audit.outbox import Outbox
from appguard.kernel.errors import Invalid, NotFound
from appguard.kernel.event import Role
from appguard.kernel.files import policies_dir
from appguard.kernel.ids import PersonId
from appguard.kernel.person import Person
from appguard.policy.archive import pack, unpack
from appguard.policy.candidate import AlreadyProposed, NothingProposed, SamePerson
from appguard.policy.engine import PolicyEngine
from appguard.policy.errors import PolicyUnusable
from appguard.policy.files import digest as digest_of
from appguard.policy.releases import Releases
from appguard.policy.store import PolicyStore
from tests.support.tables import catalog_and_outbox

LATE = "rego/lifecycle/retirement-late/rule.rego"
PAT = Person(id=PersonId("pat@example.com"), email="pat@example.com", name="Pat", groups=frozenset())
SAM = Person(id=PersonId("sam@example.com"), email="sam@example.com", name="Sam", groups=frozenset())


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[PolicyStore]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        dynamodb, s3 = boto3.client("dynamodb"), boto3.client("s3")
        catalog_and_outbox(dynamodb)
        s3.create_bucket(Bucket="artifacts")
        yield PolicyStore(dynamodb, s3, Outbox(dynamodb, "outbox"), "catalog", "artifacts")


@pytest.fixture
def releases(store: PolicyStore, tmp_path: Path) -> Releases:
    return Releases(store, policies_dir(), tmp_path / "scratch")


@pytest.fixture
def stricter(policies: Path) -> Path:
    text = (policies / LATE).read_text()
    (policies / LATE).write_text(text.replace("months > 12", "months > 9"))
    return policies


def publish(releases: Releases, folder: Path) -> str:
    digest = releases.stage(folder)
    releases.propose(digest, {}, PAT, PAT.acting_as(Role.PLATFORM))
    releases.publish(digest, SAM, SAM.acting_as(Role.SECURITY))
    return digest


def test_without_a_publication_the_deployed_policies_decide(releases: Releases) -> None:
    assert releases.in_force() == policies_dir()


def test_published_policies_decide_and_the_rest_stays_as_deployed(releases: Releases, stricter: Path) -> None:
    digest = publish(releases, stricter)
    folder = releases.in_force()
    assert PolicyEngine.load(folder).digest == digest == digest_of(folder)
    assert "months > 9" in (folder / LATE).read_text()
    assert (folder / "roles.yaml").read_text() == (policies_dir() / "roles.yaml").read_text()


def test_staging_alone_changes_nothing(releases: Releases, stricter: Path) -> None:
    releases.stage(stricter)
    assert releases.in_force() == policies_dir()
    assert releases.candidate() is None


@pytest.mark.parametrize("email", ["pat@example.com", "PAT@example.com"])
def test_the_proposer_cannot_publish_under_any_name(releases: Releases, stricter: Path, email: str) -> None:
    digest = releases.stage(stricter)
    releases.propose(digest, {}, PAT, PAT.acting_as(Role.PLATFORM))
    again = PAT.model_copy(update={"id": PersonId("other-id"), "email": email})
    with pytest.raises(SamePerson):
        releases.publish(digest, again, again.acting_as(Role.SECURITY))
    assert releases.in_force() == policies_dir()


def test_one_candidate_at_a_time(releases: Releases, stricter: Path) -> None:
    digest = releases.stage(stricter)
    releases.propose(digest, {}, PAT, PAT.acting_as(Role.PLATFORM))
    with pytest.raises(AlreadyProposed):
        releases.propose(digest, {}, SAM, SAM.acting_as(Role.PLATFORM))


def test_only_the_candidate_is_published(releases: Releases, stricter: Path) -> None:
    first = releases.stage(stricter)
    other = releases.stage(policies_dir())
    releases.propose(first, {}, PAT, PAT.acting_as(Role.PLATFORM))
    with pytest.raises(NothingProposed):
        releases.publish(other, SAM, SAM.acting_as(Role.SECURITY))


def test_a_candidate_compared_with_policies_no_longer_in_force_is_not_published(
    store: PolicyStore, stricter: Path, tmp_path: Path
) -> None:
    digest = Releases(store, policies_dir(), tmp_path / "s").stage(stricter)
    Releases(store, policies_dir(), tmp_path / "s").propose(digest, {}, PAT, PAT.acting_as(Role.PLATFORM))
    with pytest.raises(NothingProposed, match="other policies"):
        Releases(store, stricter, tmp_path / "s").publish(digest, SAM, SAM.acting_as(Role.SECURITY))


def test_publishing_again_and_going_back_work(releases: Releases, stricter: Path) -> None:
    publish(releases, stricter)
    back = publish(releases, policies_dir())
    assert digest_of(releases.in_force()) == back == digest_of(policies_dir())


def test_a_damaged_archive_is_a_refusal_and_no_fallback(
    store: PolicyStore, releases: Releases, stricter: Path, tmp_path: Path
) -> None:
    digest = publish(releases, stricter)
    store.put_archive(digest, pack(policies_dir()))
    elsewhere = Releases(store, policies_dir(), tmp_path / "another function")
    with pytest.raises(PolicyUnusable, match="are not"):
        elsewhere.in_force()
    assert list((tmp_path / "another function").iterdir()) == []


def test_what_somebody_changed_where_it_was_unpacked_is_a_refusal(
    store: PolicyStore, releases: Releases, stricter: Path, tmp_path: Path
) -> None:
    publish(releases, stricter)
    (releases.in_force() / LATE).write_text((policies_dir() / LATE).read_text())
    with pytest.raises(PolicyUnusable, match="any more"):
        Releases(store, policies_dir(), tmp_path / "scratch").in_force()


def test_a_lost_archive_is_a_refusal(
    store: PolicyStore, releases: Releases, stricter: Path, tmp_path: Path
) -> None:
    publish(releases, stricter)
    boto3.client("s3").delete_object(
        Bucket="artifacts", Key=f"policies/{digest_of(stricter).removeprefix('sha256:')}.zip"
    )
    with pytest.raises(NotFound):
        Releases(store, policies_dir(), tmp_path / "another function").in_force()


def test_policies_nobody_could_ask_are_not_staged_or_proposed(releases: Releases, stricter: Path) -> None:
    (stricter / LATE).write_text("package nothing\n")
    with pytest.raises(PolicyUnusable):
        releases.stage(stricter)
    with pytest.raises(Invalid):
        releases.propose("sha256:../../x", {}, PAT, PAT.acting_as(Role.PLATFORM))
    with pytest.raises(NotFound):
        releases.propose("sha256:" + "1" * 64, {}, PAT, PAT.acting_as(Role.PLATFORM))


def test_each_step_is_an_event_kept_for_seven_years(releases: Releases, stricter: Path) -> None:
    publish(releases, stricter)
    items = boto3.client("dynamodb").scan(TableName="outbox")["Items"]
    events = {json.loads(item["body"]["S"])["action"]: json.loads(item["body"]["S"]) for item in items}
    assert set(events) == {"policy.proposed", "policy.published"}
    assert events["policy.published"]["retention_class"] == "7y"
    assert events["policy.published"]["metadata"]["base"] == digest_of(policies_dir())


def archive(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "packed",
    [
        b"no archive",
        archive({"../../outside.rego": b"x"}),
        archive({"/etc/passwd": b"x"}),
        archive({"rego/../../outside.rego": b"x"}),
        archive({"roles.yaml": b"roles: {}"}),
        archive({"rego/big.rego": b" " * 5_000_000}),
        archive({f"rego/f{n}.rego": b"" for n in range(501)}),
        archive({}),
    ],
    ids=["junk", "climbs", "absolute", "climbs inside", "no policy", "bomb", "many", "empty"],
)
def test_a_hostile_archive_writes_nothing(packed: bytes, tmp_path: Path) -> None:
    into = tmp_path / "scratch" / "x"
    with pytest.raises(PolicyUnusable):
        unpack(packed, "sha256:" + "0" * 64, policies_dir(), into)
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == []


def test_the_same_policies_are_the_same_archive(add_rule: Callable[[str], Path], policies: Path) -> None:
    assert pack(policies) == pack(policies)
