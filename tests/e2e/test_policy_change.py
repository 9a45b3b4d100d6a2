"""A change of the policies, from its upload to a proposal, compared meanwhile with every app in use."""

import shutil
from pathlib import Path

import pytest

from appguard.kernel.files import policies_dir
from infra.local.story.__main__ import begin
from infra.local.story.cast import unused_id
from infra.local.story.chapters.prove import appguard
from infra.local.story.chapters.review import quick_seconds
from infra.local.story.ground import until
from infra.local.story.visitor import Visitor

pytestmark = pytest.mark.e2e

PAT, SAM = "pat@example.com", "sam@example.com"
RULE = "rego/lifecycle/retirement-late/rule.rego"
IMPACT = "/policies/impact"


@pytest.fixture(scope="module")
def app(ground, endpoints) -> str:
    """A published app, which is retired after more than a month."""
    story = begin(ground, endpoints)
    story.quick_id = unused_id(ground, "compared-things")
    quick_seconds(story)
    return story.quick_id


@pytest.fixture(scope="module")
def staged(endpoints, app, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The digest of policies that want every app retired within a month, as the command prints it."""
    folder = shutil.copytree(policies_dir(), tmp_path_factory.mktemp("changed") / "policies")
    rule: Path = folder / RULE
    text = rule.read_text()
    assert "months > 12" in text
    rule.write_text(text.replace("months > 12", "months > 1"))
    return appguard("policy", "stage", "--policies", str(folder)).strip()


def test_a_comparison_is_asked_for_done_in_the_background_and_proposed(endpoints, app, staged):
    address = f"{IMPACT}?digest={staged.removeprefix('sha256:')}"
    pat = Visitor.signed_in(endpoints.portal, PAT)
    pat.open(address)
    assert "Not compared yet." in pat.text
    pat.fill(f"{IMPACT}/compare")

    def compared() -> bool:
        pat.open(address)
        return bool(pat.page.find(id="effect"))

    until(compared, "the comparison")
    [row] = [row for row in pat.page.select("tbody tr") if row.find("a", href=f"/my/{app}")]
    assert "now speaks: retirement-late" in " ".join(row.get_text(" ").split())

    decide(pat, "propose")
    assert "You proposed it, so somebody else publishes it." in pat.text
    assert not pat.page.find("button", value="publish")
    sam = Visitor.signed_in(endpoints.portal, SAM)
    sam.open(IMPACT)
    assert f"Proposed by {PAT}" in sam.text
    assert sam.page.find("button", value="publish")
    decide(sam, "withdraw")
    assert "Proposed by" not in sam.text


def decide(visitor: Visitor, verdict: str) -> None:
    """Send the form with this button; the page has another that leads to the same address."""
    form = visitor.page.find("button", value=verdict).find_parent("form")
    hidden = {field["name"]: field["value"] for field in form.select("input[type=hidden]")}
    visitor.post(IMPACT, {**hidden, "verdict": verdict})
    visitor.open(IMPACT)
