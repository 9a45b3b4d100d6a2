"""Whose word counts: tokens of a named Git service, for this platform, in time, by a key it publishes."""

from datetime import UTC, datetime
from itertools import count

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from appguard.kernel.errors import Unavailable
from appguard.kernel.oidc.issuer import Issuer
from appguard.provenance.sources import Sources
from appguard.submissions.errors import CiTokenRefused
from appguard.submissions.identity import Runs
from tests.support.forge import COMMIT, GITLAB, PORTAL, REPOSITORY, CiIssuer, github, new_key
from tests.unit.submissions.conftest import BELIEVED

NOW = int(datetime.now(UTC).timestamp())


@pytest.fixture
def hub():
    return CiIssuer()


def runs(*issuers: CiIssuer, believed: Sources = BELIEVED) -> Runs:
    """The door as it stands behind these services; a minute passes at every look at the clock."""
    minutes, known = count(0, 60), {issuer.url: issuer for issuer in issuers}
    return Runs(
        lambda: believed, PORTAL, issuer=lambda url: Issuer(url, known[url].fetch, lambda: next(minutes))
    )


def test_github_vouches_for_repository_ref_commit_and_login(hub):
    source = runs(hub).vouched(hub.token()).source

    assert (source.repository, source.ref, source.commit) == (REPOSITORY, "refs/heads/main", COMMIT)
    assert (source.actor, source.ref_protected) == ("octocat", True)
    assert source.workflow.endswith("check.yml@refs/heads/main")
    assert source.commit_url == f"{REPOSITORY}/commit/{COMMIT}"


def test_gitlab_vouches_for_the_same_under_its_own_names():
    lab = CiIssuer(GITLAB)
    source = runs(lab).vouched(lab.token()).source

    assert (source.repository, source.ref) == (f"{GITLAB}/people/tools/defects", "refs/heads/main")
    assert (source.actor, source.ref_protected) == ("tanuki", True)
    assert source.commit_url == f"{GITLAB}/people/tools/defects/-/commit/{COMMIT}"


def test_an_issuer_that_signs_nobody_in_is_read_like_any_other(hub):
    """GitHub's discovery names no endpoints for signing in."""
    assert b"authorization_endpoint" not in hub.fetch("/.well-known/openid-configuration")
    runs(hub).vouched(hub.token())


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "https://other.example.com"},
        {"aud": [PORTAL, "https://other.example.com"]},
        {"exp": NOW - 120},
        {"iat": NOW + 3600},
        {"nbf": NOW + 3600},
        {"exp": None},
        {"jti": None},
        {"iss": "https://token.actions.githubusercontent.com/other-company"},
        {"iss": "https://evil.example.com"},
        {"iss": None},
        {"repository": None},
        {"repository": "example/../defects?x"},
        {"ref": "refs/pull/7/merge"},
        {"sha": "main"},
        {"ref_protected": None},
        {"actor": "two words"},
    ],
    ids=",".join,
)
def test_a_token_that_is_not_all_of_it_is_refused_without_saying_why(hub, claims):
    with pytest.raises(CiTokenRefused) as error:
        runs(hub).vouched(hub.token(**claims))
    assert str(next(iter(claims.values()))) not in error.value.message + error.value.advice


def test_a_token_of_one_service_does_not_speak_for_another(hub):
    with pytest.raises(CiTokenRefused):
        runs(hub, CiIssuer(GITLAB)).vouched(hub.token(iss=GITLAB))


@pytest.mark.parametrize("token", ["", "a.b.c", "a.e30.c", "x" * 9000, "é.é.é", "a.W10.c"])
def test_what_is_no_token_is_refused(hub, token):
    with pytest.raises(CiTokenRefused):
        runs(hub).vouched(token)
    assert hub.fetched == []


def test_forged_claims_do_not_survive_the_signature(hub):
    head, _, signature = hub.token().split(".")
    _, other, _ = hub.token(repository="example/other").split(".")

    with pytest.raises(CiTokenRefused):
        runs(hub).vouched(f"{head}.{other}.{signature}")


def test_a_key_of_somebody_else_under_the_same_name_signs_nothing(hub):
    with pytest.raises(CiTokenRefused):
        runs(hub).vouched(hub.token(key=new_key(hub.key.kid)))


def test_a_secret_everybody_knows_signs_nothing(hub):
    shared = OctKey.import_key(hub.key.as_dict(private=False)["n"])
    forged = jwt.encode({"alg": "HS256", "kid": hub.key.kid}, github() | {"iss": hub.url}, shared)

    with pytest.raises(CiTokenRefused):
        runs(hub).vouched(forged)


def test_a_new_key_is_fetched_and_the_old_one_forgotten(hub):
    door, old = runs(hub), hub.token()
    door.vouched(old)
    hub.rotate()

    door.vouched(hub.token())
    with pytest.raises(CiTokenRefused):
        door.vouched(old)


def test_a_service_that_does_not_answer_is_no_permission(hub):
    hub.down = True
    with pytest.raises(Unavailable):
        runs(hub).vouched(hub.token())


def test_as_shipped_no_service_is_believed(hub):
    with pytest.raises(CiTokenRefused):
        runs(hub, believed=Sources()).vouched(hub.token())
    assert hub.fetched == []
