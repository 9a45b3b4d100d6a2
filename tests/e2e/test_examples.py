"""Laptop, portal and review judge every example alike: they run the same gates."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from appguard.apps.bundle import MANIFEST, Bundle
from appguard.apps.catalog import Catalog, catalog
from appguard.audit.outbox import outbox
from appguard.kernel.event import Role
from appguard.kernel.ids import AppId, PersonId
from appguard.kernel.person import Person
from appguard.reviews.model import Refused, Review, Waiting
from appguard.reviews.reviews import Reviews, reviews
from infra.local.story.cast import ANA
from infra.local.story.ground import Ground, until
from infra.local.story.visitor import Visitor
from tests.unit.gates.test_examples import BAD, EXAMPLES

pytestmark = pytest.mark.e2e

FOLDERS = {**{rule: EXAMPLES / "bad" / rule for rule in BAD}, "good": EXAMPLES / "leave-request"}
OWNER = Person(id=PersonId(ANA), email=ANA, name="Ana")
BY = OWNER.acting_as(Role.REQUESTER)
MEANS = {1: "refused", 2: "needs_approval"}
SAYS = {"refused": "It would be refused", "needs_approval": "It would be passed on to a reviewer"}


@pytest.fixture(scope="module")
def platform(ground: Ground) -> Iterator[tuple[Catalog, Reviews]]:
    """The platform's own code, on the deployed tables and state machine."""
    outputs = ground.outputs
    words = {
        "AWS_ENDPOINT_URL": ground.endpoint,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
        "CATALOG_TABLE": outputs["CatalogTable"],
        "OUTBOX_TABLE": outputs["OutboxTable"],
        "ARTIFACTS_BUCKET": outputs["ArtifactsBucket"],
        "REVIEW_STATE_MACHINE_ARN": outputs["StateMachineArn"],
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("boto3.DEFAULT_SESSION", None)  # it remembers credentials
        for name, value in words.items():
            patch.setenv(name, value)
        for made in (catalog, outbox, reviews):
            made.cache_clear()
        yield catalog(), reviews()
    for made in (catalog, outbox, reviews):
        made.cache_clear()


@pytest.fixture(scope="module")
def ana(endpoints) -> Visitor:
    return Visitor.signed_in(endpoints.portal, ANA)


@pytest.mark.parametrize("example", FOLDERS)
def test_an_example_is_judged_alike_on_a_laptop_in_the_portal_and_in_review(example, platform, ana):
    apps, reviewing = platform
    app_id = AppId(f"judged-{example}")
    bundle = renamed(Bundle.from_dir(FOLDERS[example]), app_id)
    apps.create(app_id, "An example", "", "A team", OWNER)
    apps.save_draft(app_id, bundle, BY)

    ana.open(f"/my/{app_id}/edit?saved=1")
    said = {decision for decision, words in SAYS.items() if words in ana.text}

    expected = "needs_approval" if example == "good" else "refused"
    assert said == {expected}
    assert on_a_laptop(FOLDERS[example]) == expected
    reviewing.submit(app_id, bundle.digest, BY)
    assert in_review(reviewing, app_id) == expected


def renamed(bundle: Bundle, app_id: AppId) -> Bundle:
    """The example under an id of its own."""
    text = re.sub(rb"(?m)^(  id: )[a-z0-9-]+$", rb"\g<1>" + app_id.encode(), bundle.files[MANIFEST], count=1)
    return Bundle({**bundle.files, MANIFEST: text})


def on_a_laptop(folder: Path) -> str:
    command = [str(Path(sys.executable).with_name("appguard")), "check", str(folder), "--format", "json"]
    return MEANS[subprocess.run(command, capture_output=True, check=False).returncode]


def in_review(reviewing: Reviews, app_id: AppId) -> str:
    def judged() -> Review | None:
        [review] = reviewing.of_app(app_id)
        return review if isinstance(review, Refused | Waiting) else None

    return "refused" if isinstance(until(judged, f"the decision on {app_id}"), Refused) else "needs_approval"
