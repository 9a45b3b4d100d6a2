"""Which sources are protected, and from which class on that matters."""

from pathlib import Path

import pytest

from appguard.kernel.errors import Misconfigured
from appguard.kernel.levels import DataClass
from appguard.provenance.errors import SourceNotProtected
from appguard.provenance.model import GitSource, PortalSource, Statement
from appguard.provenance.sources import Forge, Sources, sources
from tests.support.git_source import LISTED, OURS, git

PEOPLE = {"Octocat": "ana"}


def from_git(case, source: GitSource) -> Statement:
    statement = case.statement
    statement["predicate"]["buildDefinition"]["externalParameters"]["source"] = source.model_dump()
    return Statement.model_validate(statement)


def test_the_portal_is_protected():
    assert Sources().protected(PortalSource(draft="sha256:" + "0" * 64))


@pytest.mark.parametrize("ref", ["refs/heads/main", "refs/tags/v1.2"])
def test_a_listed_ref_of_a_listed_repository_is_protected(ref):
    assert LISTED.protected(git(ref=ref))


@pytest.mark.parametrize(
    "source",
    [
        git(ref="refs/heads/other"),
        git(ref="refs/heads/main2"),
        git(repository=OURS + "-fork"),
        git(repository=OURS + "/"),
        git(repository="https://github.com/EXAMPLE/leave-request"),
        git(guarded=False),
    ],
)
def test_anything_like_it_is_not(source):
    assert not LISTED.protected(source)


@pytest.mark.parametrize("class_", [DataClass.PERSONAL, DataClass.SPECIAL])
def test_personal_data_asks_for_a_protected_source_and_says_what_to_do(case, class_):
    statement = from_git(case, git())

    with pytest.raises(SourceNotProtected) as error:
        Sources().require(statement, [DataClass.INTERNAL, class_])
    assert "policies/sources.yaml" in error.value.advice
    LISTED.require(statement, [class_])


@pytest.mark.parametrize("classes", [[], [DataClass.CONFIDENTIAL]])
def test_less_than_personal_data_may_come_from_anywhere(case, classes):
    Sources().require(from_git(case, git()), classes)


def test_the_refusal_says_who_does_not_protect_it():
    listed, claimed = LISTED, Sources()
    personal = [DataClass.PERSONAL]

    assert "its Git service does not protect" in listed.objection(git(guarded=False), personal)
    assert "policies/sources.yaml does not list" in claimed.objection(git(), personal)


@pytest.mark.parametrize(("login", "who"), [("octocat", "ana"), ("OctoCat", "ana"), ("hubot", None)])
def test_a_login_is_the_person_the_file_says(login, who):
    forge = Forge(kind="github", issuer="https://i.example", address="https://g.example", people=PEOPLE)
    assert forge.person(login) == who


def test_another_file_may_stand_for_the_deployments_own(tmp_path, monkeypatch):
    file = tmp_path / "other.yaml"
    file.write_text(f"repositories:\n  - url: {OURS}\n    refs: [refs/heads/main]\n")
    monkeypatch.setenv("SOURCES_FILE", str(file))
    sources.cache_clear()
    try:
        assert sources().protected_refs(OURS) == ("refs/heads/main",)
    finally:
        sources.cache_clear()


def test_a_signed_statement_of_an_unprotected_source_does_not_pass(case):
    review = case.notary.world.reviews.approved(case.step)
    statement = from_git(case, git()).model_dump(mode="json", by_alias=True, exclude_none=True)

    with pytest.raises(SourceNotProtected):
        case.notary.acceptance.check(review, case.notary.seal(statement))


def test_the_file_of_this_deployment_can_be_read():
    assert Sources.read(Path("policies/sources.yaml")) == Sources()


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "repositories: yes\n",
        "repositories:\n  - url: http://plain.example/x\n    refs: [a]\n",
        "x: 1\n",
    ],
)
def test_a_file_that_says_nothing_clear_is_no_permission(tmp_path, text):
    file = tmp_path / "sources.yaml"
    if text is not None:
        file.write_text(text)

    with pytest.raises(Misconfigured):
        Sources.read(file)
