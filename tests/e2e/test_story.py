"""The deployed whole: the story step by step, then the ways to spoil its evidence."""

import pytest

from infra.local import platform
from infra.local.story.__main__ import STEPS
from infra.local.story.cast import ADA
from infra.local.story.chapters import prove
from infra.local.story.ground import until
from infra.local.story.teller import NotAsTold
from infra.local.story.visitor import Visitor

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.title)
def test_the_story_goes_as_told(story, step):
    assert step.do(story)


def test_after_a_restart_new_events_reach_the_ledger_and_the_old_still_verify(story):
    before = prove.entries("--action", "person.signed_in")
    platform.down()
    platform.up()
    Visitor.signed_in(story.endpoints.portal, ADA)

    until(
        lambda: len(prove.entries("--action", "person.signed_in")) > len(before), "the sign-in in the ledger"
    )
    assert prove.verified(story)


def test_a_ledger_whose_newest_entry_was_altered_fails_the_verification(story, ground):
    s3, bucket = ground.client("s3"), ground.outputs["LedgerBucket"]
    entries = s3.list_objects_v2(Bucket=bucket, Prefix="3y/tile/entries/")["Contents"]
    newest = max(entries, key=lambda entry: entry["LastModified"])["Key"]
    s3.put_object(Bucket=bucket, Key=newest, Body=b"nothing happened here")

    with pytest.raises(NotAsTold, match=f"BAD {newest}"):
        prove.verified(story)


def test_an_entry_cannot_be_deleted_not_even_with_all_rights(ground):
    s3, bucket = ground.client("s3"), ground.outputs["LedgerBucket"]
    version = s3.list_object_versions(Bucket=bucket, Prefix="3y/tile/")["Versions"][-1]

    with pytest.raises(s3.exceptions.ClientError, match=r"AccessDenied|retention|Object Lock"):
        s3.delete_object(Bucket=bucket, Key=version["Key"], VersionId=version["VersionId"])
