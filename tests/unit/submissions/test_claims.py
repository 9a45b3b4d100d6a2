"""What may begin a run that submits."""

import pytest

from appguard.kernel.ids import PersonId
from appguard.provenance.sources import Forge
from appguard.submissions.claims import read
from appguard.submissions.errors import CiTokenRefused, NotAPush
from tests.support.forge import GITHUB, GITLAB, github, gitlab

HUB = Forge(kind="github", issuer=GITHUB, address="https://github.com", people={"Octocat": PersonId("rob")})
LAB = Forge(kind="gitlab", issuer=GITLAB, address=GITLAB)


@pytest.mark.parametrize("event", ["push", "workflow_dispatch"])
def test_a_push_or_a_click_on_github_submits(event):
    assert read(HUB, github() | {"event_name": event}).source.actor == "octocat"


@pytest.mark.parametrize(
    "event", ["pull_request", "pull_request_target", "workflow_run", "issue_comment", "schedule"]
)
def test_a_run_in_which_others_may_choose_the_files_does_not(event):
    """`pull_request_target` has every claim of the protected branch."""
    with pytest.raises(NotAPush):
        read(HUB, github() | {"event_name": event})


@pytest.mark.parametrize("source", ["merge_request_event", "external_pull_request_event", "trigger", "api"])
def test_nor_does_it_on_gitlab(source):
    with pytest.raises(NotAPush):
        read(LAB, gitlab() | {"pipeline_source": source})


def test_a_pipeline_defined_outside_its_project_is_refused():
    with pytest.raises(CiTokenRefused):
        read(LAB, gitlab() | {"ci_config_ref_uri": None})


@pytest.mark.parametrize(("said", "protected"), [("true", True), ("false", False), (True, True)])
def test_whether_the_ref_is_protected_is_the_services_word(said, protected):
    assert read(HUB, github() | {"ref_protected": said}).source.ref_protected is protected


def test_a_login_that_is_listed_is_a_person_whatever_its_case():
    run = read(HUB, github())
    assert (run.person, run.actor.id) == ("rob", "rob")


def test_any_other_login_is_named_with_its_service():
    run = read(HUB, github() | {"actor": "hubot"})
    assert (run.person, run.actor.id) == (None, "github.com/hubot")
