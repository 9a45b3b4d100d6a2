"""The company's directory tells of people: who joins a group, who leaves, and what becomes of their apps."""

import json

import httpx
import pytest

from infra.local.story.chapters import prove
from infra.local.story.ground import until
from infra.local.story.teller import NotAsTold
from infra.local.story.visitor import Visitor

pytestmark = pytest.mark.e2e

VIC, PAT = "vic@example.com", "pat@example.com"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


@pytest.fixture(scope="module")
def scim(endpoints, ground):
    """The company's directory, which has the token."""
    secret = ground.client("secretsmanager").get_secret_value(SecretId="appguard/directory/scim")
    token = json.loads(secret["SecretString"])["token"]
    headers = {"authorization": f"Bearer {token}", "content-type": "application/scim+json"}
    with httpx.Client(base_url=f"{endpoints.portal}/scim/v2", headers=headers, timeout=60) as client:
        yield client


@pytest.fixture(scope="module")
def vic(scim):
    """The viewer of the local people, whom the directory makes a requester."""
    asked = scim.get("/Users", params={"filter": f'userName eq "{VIC}"'})
    assert asked.json()["totalResults"] == 0
    made = scim.post("/Users", json={"schemas": [USER], "userName": VIC, "emails": [{"value": VIC}]})
    assert made.status_code == 201, made.text
    group = {"schemas": [GROUP], "displayName": "requesters", "members": [{"value": made.json()["id"]}]}
    assert scim.post("/Groups", json=group).status_code == 201
    return made.json()["id"]


def active(scim, ident, is_so):
    operation = {"op": "Replace", "path": "active", "value": is_so}
    answer = scim.patch(f"/Users/{ident}", json={"schemas": [PATCH], "Operations": [operation]})
    assert (answer.status_code, answer.json()["active"]) == (200, is_so), answer.text


def test_without_the_token_nothing_is_told(endpoints, scim):
    for headers in ({}, {"authorization": "Bearer guess"}):
        answer = httpx.get(f"{endpoints.portal}/scim/v2/Users", headers=headers, timeout=60)
        assert (answer.status_code, answer.json()["detail"]) == (401, "this token opens nothing")
    assert scim.get("/ServiceProviderConfig").json()["patch"] == {"supported": True}


def test_whoever_leaves_is_out_at_once_and_their_app_is_nobodys(endpoints, scim, vic):
    visitor = Visitor.signed_in(endpoints.portal, VIC)
    visitor.open("/new")
    words = {"name": "Vics app", "app_id": "vics-app", "team": "A team", "purpose": "For the test."}
    choices = {"users": "employees", "data_class": "internal", "criticality": "low"}
    visitor.fill("/new", **words, **choices, template="office-self-service")
    visitor.open("/account")
    assert "Create, edit, submit and retire apps of their own." in visitor.text

    active(scim, vic, False)

    assert not visitor.open("/my/vics-app").url.startswith(endpoints.portal)
    with pytest.raises(NotAsTold, match="401"):
        Visitor.signed_in(endpoints.portal, VIC)
    pat = Visitor.signed_in(endpoints.portal, PAT)
    until(lambda: seen(pat, "Nobody answers for this app."), "the app without an owner")
    for action in ("person.deactivated", "person.sign_in_failed", "app.orphaned"):
        assert until(lambda action=action: prove.entries("--action", action), f"{action} in the ledger")

    active(scim, vic, True)

    assert "Vic" in Visitor.signed_in(endpoints.portal, VIC).text
    until(lambda: not seen(pat, "Nobody answers for this app."), "the app with its owner again")


def test_whoever_leaves_a_group_loses_its_role_at_the_next_request(endpoints, scim, vic):
    visitor = Visitor.signed_in(endpoints.portal, VIC)
    visitor.open("/account")
    assert "Requester" in visitor.text
    (group,) = scim.get("/Groups", params={"filter": 'displayName eq "requesters"'}).json()["Resources"]
    assert [member["value"] for member in group["members"]] == [vic]
    viewers = {"schemas": [GROUP], "displayName": "viewers", "members": [{"value": vic}]}
    assert scim.post("/Groups", json=viewers).status_code == 201
    assert scim.delete(f"/Groups/{group['id']}").status_code == 204
    visitor.open("/account")
    assert "Viewer" in visitor.text
    assert "Requester" not in visitor.text


def test_signing_out_everywhere_ends_the_sessions_of_other_browsers(endpoints, vic):
    here, elsewhere = (Visitor.signed_in(endpoints.portal, VIC) for _ in range(2))
    here.open("/account")
    here.fill("/account/sign-out-everywhere")
    assert "You are signed out" in here.text
    assert not elsewhere.open("/account").url.startswith(endpoints.portal)


def seen(visitor, words):
    visitor.open("/my/vics-app")
    return words in visitor.text
