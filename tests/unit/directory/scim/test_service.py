"""The service as a client of others speaks to it, and as Entra ID and Okta are known to."""

import json

import pytest
from scim2_models import SearchRequest

from appguard.directory.directory import Directory
from appguard.directory.errors import Departed
from appguard.directory.scim.asked import Asked
from appguard.directory.scim.service import service
from appguard.directory.scim.shapes import Email, Group, Member, Person
from appguard.directory.store import kept
from tests.support.scim import AT
from tests.support.world import ANA, NOW
from tests.unit.directory.test_directory import told

pytestmark = pytest.mark.usefixtures("deployed")
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


def ask(method, path, body=None, **query):
    """A request, as it comes through the gate."""
    text = body if isinstance(body, str) else json.dumps(body)
    return service().answer(Asked(method, path, AT, query, text))


def user(name, address="a@example.com"):
    return {"schemas": [USER], "userName": name, "emails": [{"value": address}]}


def group(name, *members):
    return {"schemas": [GROUP], "displayName": name, "members": [{"value": one} for one in members]}


def enrolled(email="ana@example.com", **more):
    """The id of somebody new."""
    answer = ask("POST", "/Users", {**user(email, email), **more})
    assert answer.status == 201, answer.body
    return answer.body["id"]


def formed(name, *idents, **more):
    """The id of a new group of these people."""
    answer = ask("POST", "/Groups", {**group(name, *idents), **more})
    assert answer.status == 201, answer.body
    return answer.body["id"]


def patched(path, *operations):
    return ask("PATCH", path, {"schemas": [PATCH], "Operations": list(operations)})


@pytest.fixture
def people():
    """What the rest of AppGuard sees."""
    return Directory(kept())


def test_a_client_of_others_brings_somebody_and_puts_them_into_a_group(client, people):
    ana = client.create(Person(user_name="ana", emails=[Email(value="ana@example.com")]))
    client.create(Group(display_name="reviewers", members=[Member(value=ana.id)]))
    (found,) = people.in_group("reviewers")
    assert found.email == "ana@example.com"
    asked = SearchRequest(filter='userName eq "ANA"')
    assert [one.id for one in client.query(Person, query_parameters=asked).resources] == [ana.id]
    posted = ask("POST", "/Users/.search", {"filter": 'userName eq "ana"', "attributes": ["id"]})
    assert [one["id"] for one in posted.body["Resources"]] == [ana.id]
    client.delete(Person, ana.id)
    assert people.in_group("reviewers") == []


def test_of_what_is_sent_the_rest_is_dropped(dynamodb):
    ident = enrolled(
        name={"givenName": "Ana", "familyName": "Ferreira"},
        phoneNumbers=[{"value": "+351 123456789"}],
        addresses=[{"streetAddress": "Rua Nova 1"}],
        password="of-the-directory",
        displayName="Ana Ferreira",
    )
    shown = ask("GET", f"/Users/{ident}").body
    assert set(shown) == {"schemas", "id", "userName", "displayName", "active", "emails", "meta"}
    kept_rows = json.dumps(dynamodb.scan(TableName="directory")["Items"])
    for secret in ("351 123", "Rua Nova", "of-the-directory"):
        assert secret not in kept_rows


def test_entra_deactivates_by_a_word_and_the_person_is_out_at_once(people):
    ident = enrolled()
    people.meet(ANA)
    answer = patched(f"/Users/{ident}", {"op": "Replace", "path": "active", "value": "False"})
    assert (answer.status, answer.body["active"]) == (200, False)
    assert people.admit(ANA, NOW) is None
    assert not people.active(ANA.id)
    assert not people.may_be_written_to(ANA.email)
    with pytest.raises(Departed):
        people.meet(ANA)


def test_okta_deactivates_without_a_path_and_brings_back_without_the_old_sessions(people, dynamodb):
    ident = enrolled()
    people.meet(ANA)
    patched(f"/Users/{ident}", {"op": "replace", "value": {"active": False}})
    patched(f"/Users/{ident}", {"op": "replace", "value": {"active": True}})
    assert people.active(ANA.id)
    assert people.meet(ANA).id == ANA.id
    assert people.admit(ANA, NOW) is None
    actions = [event["action"] for event in told(dynamodb) if event["resource"]["id"] == ANA.id]
    assert actions.count("person.deactivated") == 1
    assert actions.count("person.reactivated") == 1


def test_the_ledger_learns_of_leavers_by_the_id_apps_know_them_by(people, dynamodb):
    ident = enrolled()
    people.meet(ANA)
    assert ask("DELETE", f"/Users/{ident}").status == 204
    (left,) = [event for event in told(dynamodb) if event["action"] == "person.deactivated"]
    assert left["resource"] == {"type": "person", "id": ANA.id}
    assert ask("GET", f"/Users/{ident}").status == 404
    assert ask("DELETE", f"/Users/{ident}").status == 404


def test_whoever_was_removed_and_is_added_again_is_let_in_as_the_same_person(people, dynamodb):
    first = enrolled()
    people.meet(ANA)
    ask("DELETE", f"/Users/{first}")
    assert enrolled() != first
    assert people.meet(ANA).id == ANA.id
    assert people.admit(ANA, NOW) == ANA
    assert "person.reactivated" in [event["action"] for event in told(dynamodb)]


def test_whoever_signed_in_before_scim_came_is_the_same_person(people):
    people.meet(ANA)
    ident = enrolled()
    assert people.by_id(ANA.id).email == ANA.email
    patched(f"/Users/{ident}", {"op": "replace", "path": "active", "value": False})
    assert not people.active(ANA.id)


def test_an_external_id_that_is_the_sub_finds_them_under_another_address(people):
    people.meet(ANA)
    ident = enrolled("ana.ferreira@example.com", externalId=ANA.id)
    patched(f"/Users/{ident}", {"op": "replace", "path": "active", "value": False})
    assert not people.active(ANA.id)


def test_entra_adds_and_removes_members_by_value(people):
    ana, mia = enrolled(), enrolled("mia@example.com")
    people.meet(ANA)
    made = formed("reviewers", ana)
    assert people.admit(ANA, NOW).groups == {"reviewers"}
    join = {"op": "Add", "path": "members", "value": [{"value": mia}]}
    leave = {"op": "Remove", "path": "members", "value": [{"value": ana}]}
    assert patched(f"/Groups/{made}", join, leave).status == 204
    assert [one.email for one in people.in_group("reviewers")] == ["mia@example.com"]
    assert people.admit(ANA, NOW).groups == frozenset()
    assert patched(f"/Groups/{made}", {"op": "remove", "path": f'members[value eq "{mia}"]'}).status == 204
    assert people.in_group("reviewers") == []


def test_a_group_is_also_called_by_its_external_id_and_keeps_its_people_under_another_name(people):
    ana = enrolled()
    made = formed("reviewers", ana, externalId="9d1f")
    assert {one.email for one in people.in_group("9d1f")} == {"ana@example.com"}
    patched(f"/Groups/{made}", {"op": "replace", "path": "displayName", "value": "deciders"})
    assert people.in_group("reviewers") == []
    assert people.by_email("ana@example.com").groups == {"deciders", "9d1f"}
    assert ask("DELETE", f"/Groups/{made}").status == 204
    assert people.by_email("ana@example.com").groups == frozenset()
    assert ask("GET", "/Groups", filter='displayName eq "deciders"').body["totalResults"] == 0


def test_put_leaves_exactly_the_people_it_names(people):
    ana, mia = enrolled(), enrolled("mia@example.com")
    made = formed("reviewers", ana)
    (left,) = ask("PUT", f"/Groups/{made}", group("reviewers", mia)).body["members"]
    assert left == {"value": mia, "$ref": f"{AT}/Users/{mia}", "type": "User"}
    assert [one.email for one in people.in_group("reviewers")] == ["mia@example.com"]


def test_more_people_than_can_be_waited_for_are_refused_before_any_of_them_changes(people, monkeypatch):
    monkeypatch.setattr("appguard.directory.groups.MOST_AT_ONCE", 1)
    ana, mia = enrolled(), enrolled("mia@example.com")
    assert ask("POST", "/Groups", group("reviewers", ana, mia)).status == 413
    made = formed("reviewers", ana)
    assert ask("PUT", f"/Groups/{made}", group("reviewers", mia)).status == 413
    assert [one.email for one in people.in_group("reviewers")] == ["ana@example.com"]


def test_a_group_that_only_looks_like_another_gives_nothing(people):
    formed("rеviewers", enrolled())  # noqa: RUF001 - a Cyrillic letter is the point
    assert people.in_group("reviewers") == []


def test_a_manager_is_somebody_we_know_however_it_is_said(people):
    mia = enrolled("mia@example.com")
    ana = enrolled()
    people.meet(ANA)
    patched(f"/Users/{ana}", {"op": "Add", "path": f"{ENTERPRISE}:manager", "value": mia})
    assert people.manager_of(ANA.id).email == "mia@example.com"
    assert ask("GET", f"/Users/{ana}").body[ENTERPRISE]["manager"]["value"] == mia
    patched(f"/Users/{ana}", {"op": "Replace", "path": f"{ENTERPRISE}:manager", "value": {"value": "x"}})
    assert people.manager_of(ANA.id) is None


@pytest.mark.parametrize("second", [{"userName": "ANA@example.com"}, {"externalId": "e1"}, {}])
def test_names_are_one_persons(second):
    enrolled(externalId="e1")
    address = "other@example.com" if second else "ANA@example.com"
    answer = ask("POST", "/Users", {**user("other", address), **second})
    assert (answer.status, answer.body["scimType"]) == (409, "uniqueness")


def test_a_name_that_is_anothers_cannot_be_taken_by_a_change():
    enrolled()
    mia = enrolled("mia@example.com")
    made, other = formed("a"), formed("b")
    take = {"op": "replace", "path": "userName", "value": "ana@example.com"}
    assert patched(f"/Users/{mia}", take).body["scimType"] == "uniqueness"
    rename = {"op": "replace", "path": "displayName", "value": "a"}
    assert patched(f"/Groups/{other}", rename).body["scimType"] == "uniqueness"
    assert ask("GET", f"/Groups/{made}").body["displayName"] == "a"


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "kind"),
    [
        ("POST", "/Users", "{", 400, "invalidSyntax"),
        ("POST", "/Users", "[" * 100_000, 400, "invalidSyntax"),
        ("POST", "/Users", [], 400, "invalidSyntax"),
        ("POST", "/Users", "null", 400, "invalidSyntax"),
        ("POST", "/Users", {"schemas": [USER], "userName": "a"}, 400, "invalidValue"),
        ("POST", "/Users", user("a\nb"), 400, None),
        ("POST", "/Users", user("x" * 999), 400, None),
        ("POST", "/Users", user({"$gt": ""}), 400, None),
        ("POST", "/Users", user("a", "аna@example.com"), 400, "invalidValue"),  # noqa: RUF001 - Cyrillic
        ("POST", "/Users", user("a", "a@b.c\r\nBcc: x@y.z"), 400, None),
        ("POST", "/Users", user("a", "no address"), 400, "invalidValue"),
        ("POST", "/Groups", group(""), 400, None),
        ("POST", "/Groups", group("g", "grp-1"), 400, "invalidValue"),
        ("POST", "/Groups", group("g", "col-" + "0" * 32), 400, "invalidValue"),
        ("GET", "/Users/../Groups", None, 404, None),
        ("GET", "/Users/ENTRY%23", None, 404, None),
        ("GET", "/Nothing", None, 404, None),
        ("GET", "/", None, 404, None),
        ("PUT", "/Users", {}, 405, None),
        ("DELETE", "/Users", None, 405, None),
        ("POST", "/ServiceProviderConfig", {}, 405, None),
        ("POST", "/Bulk", {}, 404, None),
    ],
)
def test_what_is_wrong_is_told_in_scims_words(method, path, body, status, kind):
    answer = ask(method, path, body)
    assert answer.status == status, answer.body
    assert answer.body["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"]
    assert answer.body["status"] == str(status)
    assert len(answer.body["detail"]) <= 300
    if kind:
        assert answer.body["scimType"] == kind


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ('userName eq "a" or userName eq "b"', "invalidFilter"),
        ('userName co "a"', "invalidFilter"),
        ("userName pr", "invalidFilter"),
        ('password eq "x"', "invalidFilter"),
        ("userName eq 5", "invalidFilter"),
        ("(" * 5000, "invalidFilter"),
        ("", "invalidFilter"),
    ],
)
def test_only_one_comparison_is_a_filter(said, kind):
    answer = ask("GET", "/Users", filter=said)
    assert (answer.status, answer.body["scimType"]) == (400, kind)


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "replace", "path": "id", "value": "col-1"},
        {"op": "remove", "path": "userName"},
        {"op": "remove", "path": "emails"},
        {"op": "sing", "path": "active"},
        {"op": "replace", "path": "active", "value": "perhaps"},
        {"op": "replace", "path": "emails[", "value": 1},
        {"op": "replace", "path": "userName", "value": ["a", "b"]},
    ],
)
def test_a_patch_that_cannot_be_changes_nothing(operation):
    ident = enrolled()
    good = {"op": "replace", "path": "displayName", "value": "Somebody else"}
    answer = patched(f"/Users/{ident}", good, operation)
    assert answer.status == 400, answer.body
    assert ask("GET", f"/Users/{ident}").body["displayName"] == "ana@example.com"


def test_many_are_shown_page_by_page():
    idents = [enrolled(f"p{number}@example.com") for number in range(5)]
    first = ask("GET", "/Users", startIndex="2", count="2").body
    assert (first["totalResults"], first["startIndex"], first["itemsPerPage"]) == (5, 2, 2)
    assert [one["id"] for one in first["Resources"]] == sorted(idents)[1:3]
    assert ask("GET", "/Users", count="0").body["totalResults"] == 5
    assert ask("GET", "/Users", count="many").body["scimType"] == "invalidSyntax"


def test_a_client_may_do_without_the_members():
    formed("reviewers", enrolled())
    (without,) = ask("GET", "/Groups", excludedAttributes="members").body["Resources"]
    assert "members" not in without
    (short,) = ask("GET", "/Users", attributes="userName").body["Resources"]
    assert set(short) == {"schemas", "id", "userName"}


def test_saying_the_same_again_writes_nothing(dynamodb):
    ident = enrolled()
    made = formed("reviewers", ident)
    before = len(told(dynamodb))
    patched(f"/Users/{ident}", {"op": "replace", "path": "active", "value": True})
    patched(f"/Groups/{made}", {"op": "add", "path": "members", "value": [{"value": ident}]})
    assert len(told(dynamodb)) == before
