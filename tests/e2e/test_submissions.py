"""From a push to an app in use: the command in a CI run, the deployed endpoint, the review, the evidence."""

import json
import os
import re
import subprocess
import sys
from base64 import b64decode
from pathlib import Path

import httpx
import pytest

from appguard.apps.bundle import MANIFEST, Bundle
from appguard.kernel.ids import AppId
from infra.local.story.cast import ANA, ROB
from infra.local.story.chapters import prove
from infra.local.story.ground import until
from infra.local.story.visitor import Visitor
from tests.support.forge import COMMIT, run_of
from tests.support.world import RISKY, harmless

pytestmark = pytest.mark.e2e

APPGUARD = str(Path(sys.executable).with_name("appguard"))
DEFECTS, LEAVE = "https://github.com/example/defects", "https://github.com/example/leave-request"


@pytest.fixture(scope="module")
def ana(endpoints) -> Visitor:
    return Visitor.signed_in(endpoints.portal, ANA)


def linked(ana: Visitor, app_id: str, repository: str, folder: str = "") -> None:
    """A new app of Ana's, linked on its page as she would do it."""
    ana.open("/new")
    words = {"name": app_id, "app_id": app_id, "team": "A team", "purpose": "Said by its repository."}
    choices = {"users": "employees", "data_class": "internal", "criticality": "low"}
    ana.fill("/new", **words, **choices, template="office-self-service")
    ana.open(f"/my/{app_id}")
    ana.fill("/repository", repository=repository, folder=folder)
    assert repository in ana.text


def checked_out(bundle: Bundle, app_id: str, folder: Path) -> Path:
    """A checkout that holds the app under this id."""
    folder.mkdir(parents=True, exist_ok=True)
    text = re.sub(rb"(?m)^(  id: )[a-z0-9-]+$", rb"\g<1>" + app_id.encode(), bundle.files[MANIFEST], count=1)
    (folder / MANIFEST).write_bytes(text)
    return folder


def submit(endpoints, folder: Path, variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.defpath, "APPGUARD_URL": endpoints.portal, **variables}
    return subprocess.run(
        [APPGUARD, "submit", str(folder)], capture_output=True, text=True, check=False, env=environment
    )


def seen(ana: Visitor, app_id: str, words: str) -> bool:
    ana.open(f"/my/{app_id}")
    return words in ana.text


def test_a_push_is_published_with_its_commit_in_the_signed_statement(endpoints, forge, ana, tmp_path):
    linked(ana, "pushed-defects", DEFECTS, "apps/defects")
    folder = checked_out(harmless(), "pushed-defects", tmp_path / "apps" / "defects")

    done = submit(endpoints, folder, run_of(forge, tmp_path, repository="example/defects"))

    assert done.returncode == 0, done.stderr
    assert f"{endpoints.portal}/my/pushed-defects" in done.stdout
    until(lambda: seen(ana, "pushed-defects", "Colleagues can open it now."), "the published app")
    assert f"Sent from Git by octocat, commit {COMMIT[:12]}" in ana.text
    envelope = ana.open("/my/pushed-defects/attestation").json()
    build = json.loads(b64decode(envelope["payload"]))["predicate"]["buildDefinition"]
    said = build["externalParameters"]["source"]
    assert (said["repository"], said["folder"], said["commit"]) == (DEFECTS, "apps/defects", COMMIT)
    assert {"gitCommit": COMMIT} in [each.get("digest") for each in build["resolvedDependencies"]]
    assert until(lambda: prove.entries("--action", "submission.received"), "the submission in the ledger")


def test_personal_data_from_an_open_branch_is_refused_at_once_and_told_so(endpoints, forge, ana, tmp_path):
    linked(ana, "open-leave", LEAVE)
    folder = checked_out(RISKY, "open-leave", tmp_path)
    run = run_of(forge, tmp_path, repository="example/leave-request", ref_protected="false")

    assert submit(endpoints, folder, run).returncode == 0
    until(lambda: seen(ana, "open-leave", "The checks refused this version."), "the refusal")
    assert "source-not-protected" in ana.text

    again = submit(endpoints, folder, run)
    assert again.returncode == 1
    assert "which its Git service does not protect" in again.stdout


def test_from_a_listed_branch_it_reaches_a_reviewer_who_sees_the_commit(endpoints, forge, ana, tmp_path):
    linked(ana, "guarded-leave", LEAVE)
    folder = checked_out(RISKY, "guarded-leave", tmp_path)
    run = run_of(forge, tmp_path, repository="example/leave-request")
    submit(endpoints, folder, run)

    def asked() -> bool:
        return submit(endpoints, folder, run).returncode == 2

    until(asked, "a reviewer to be asked")
    rob = Visitor.signed_in(endpoints.portal, ROB)
    rob.open("/approvals")
    pages = [rob.open(link["href"]).text for link in rob.page.select("td a")]
    [seen_by_rob] = [page for page in pages if f"{LEAVE}/commit/{COMMIT}" in page]
    assert "octocat" in seen_by_rob


def test_a_token_opens_the_door_once_and_no_other_repository_does(endpoints, forge, ana, tmp_path):
    linked(ana, "once-defects", DEFECTS)
    folder = checked_out(harmless(), "once-defects", tmp_path)
    address = f"{endpoints.portal}/api/apps/{AppId('once-defects')}/submissions?folder=."

    def send(**claims: str) -> tuple[int, str]:
        token = claims.pop("token", None) or forge.token(**{"aud": endpoints.portal} | claims)
        headers = {"authorization": f"Bearer {token}", "content-type": "application/zip"}
        body = Bundle.from_dir(folder).to_zip()
        answer = httpx.post(address, headers=headers, content=body, timeout=60)
        return answer.status_code, answer.json().get("error", {}).get("code", "")

    token = forge.token(aud=endpoints.portal)
    assert send(repository="example/other") == (403, "not_linked")
    assert send(aud="https://other.example.com") == (401, "ci_token_refused")
    assert send(event_name="pull_request_target") == (403, "not_a_push")
    assert send(token=token) == (202, "")
    assert send(token=token) == (409, "token_used")


def test_outside_of_a_ci_run_the_command_says_what_is_missing(endpoints, tmp_path):
    done = submit(endpoints, checked_out(harmless(), "nobody", tmp_path), {})
    assert (done.returncode, "not a CI run" in done.stderr) == (3, True)
