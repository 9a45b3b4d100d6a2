import json
from datetime import timedelta

import pytest

from appguard.directory.errors import AddressOfAnother, Departed
from appguard.directory.events import recorded
from appguard.directory.model import Account, Colleague, ColleagueId, Key, Name
from appguard.kernel.event import Actor, Role
from appguard.kernel.ids import PersonId
from tests.support.world import ANA, MIA, NOW, ROB

SCIM = Actor.system("scim")


def told(dynamodb):
    rows = dynamodb.scan(TableName="outbox")["Items"]
    return [json.loads(row["body"]["S"]) for row in rows]


def listed(store, email, **changes):
    """Somebody as SCIM told of them."""
    colleague = Colleague(
        colleague_id=ColleagueId.new(),
        email=email,
        name=email,
        account=Account(user_name=email),
        created_at=NOW,
        changed_at=NOW,
    ).model_copy(update=changes)
    return store.save(None, colleague, recorded(None, colleague, SCIM, NOW))


def changed(store, colleague, **changes):
    before = store.get(colleague.colleague_id)
    after = before.model_copy(update=changes)
    return store.save(before, after, recorded(before, after, SCIM, NOW))


def test_without_scim_people_are_known_from_their_last_sign_in(people):
    people.meet(ANA)
    assert people.by_email("ANA@example.com") == ANA
    assert people.by_id(ANA.id) == ANA
    assert people.by_id(PersonId("stranger")) is None
    people.meet(ANA.model_copy(update={"groups": frozenset({"reviewers"})}))
    assert people.by_id(ANA.id).groups == {"reviewers"}


def test_a_sign_in_that_brings_nothing_new_writes_nothing(people, dynamodb):
    people.meet(ANA)
    people.meet(ANA)
    (event,) = told(dynamodb)
    assert (event["action"], event["resource"]["id"]) == ("person.recorded", ANA.id)
    assert event["metadata"]["given"] == ["employees", "requesters"]
    assert "ana@example.com" not in json.dumps(event["metadata"])


def test_a_group_names_who_is_in_it_now(people):
    for person in (ANA, MIA, ROB):
        people.meet(person)
    assert {one.id for one in people.in_group("employees")} == {ANA.id, MIA.id}
    people.meet(MIA.model_copy(update={"groups": frozenset()}))
    assert [one.id for one in people.in_group("employees")] == [ANA.id]
    assert people.in_group("Employees") == []


def test_who_is_not_known_to_have_left_may_act(people):
    assert people.active(PersonId("never-seen"))


def test_whom_scim_knows_and_who_never_signed_in_can_be_asked_and_written_to(people, store):
    rob = listed(store, "rob@example.com", groups=frozenset({"reviewers"}))
    (found,) = people.in_group("reviewers")
    assert found.email == "rob@example.com"
    assert people.by_id(found.id) == found
    people.meet(ROB)
    assert people.by_email("rob@example.com").id == ROB.id
    assert people.by_id(PersonId(rob.colleague_id)).id == ROB.id


def test_scim_decides_about_groups_once_it_told_of_some(people, store):
    ana = listed(store, ANA.email)
    assert people.meet(ANA).groups == ANA.groups
    changed(store, ana, groups=frozenset({"viewers"}), grouped=True)
    assert people.meet(ANA).groups == {"viewers"}


def test_a_manager_is_whom_scim_names_while_they_are_here(people, store):
    boss = listed(store, "mia@example.com")
    listed(store, ANA.email, manager=boss.colleague_id)
    people.meet(ANA)
    assert people.manager_of(ANA.id).email == "mia@example.com"
    changed(store, boss, active=False)
    assert people.manager_of(ANA.id) is None
    assert people.manager_of(PersonId("stranger")) is None


def test_a_leaver_is_not_found_not_admitted_not_met_and_not_written_to(people, store):
    people.meet(ANA)
    ana = store.find(Key.of(Name.SUBJECT, ANA.id))
    changed(store, ana, account=Account(user_name="ana"), active=False)
    assert people.by_id(ANA.id) is None
    assert people.by_email(ANA.email) is None
    assert people.in_group("employees") == []
    assert not people.active(ANA.id)
    assert people.admit(ANA, NOW + timedelta(days=1)) is None
    assert not people.may_be_written_to("Ana@Example.com")
    with pytest.raises(Departed):
        people.meet(ANA)


def test_a_leaver_stays_one_when_scim_has_removed_them_also_under_a_new_identity(people, store):
    ana = listed(store, ANA.email)
    people.meet(ANA)
    changed(store, ana, account=None, active=False, groups=frozenset())
    for identity in (ANA, ANA.model_copy(update={"id": PersonId("new-sub")})):
        with pytest.raises(Departed):
            people.meet(identity)
    assert not people.active(ANA.id)


def test_whoever_gets_a_leavers_address_is_somebody_new(people, store, clock):
    ana = listed(store, ANA.email)
    people.meet(ANA)
    gone = changed(store, ana, account=None, active=False, groups=frozenset())
    heir = Colleague(
        colleague_id=ColleagueId.new(),
        email=ANA.email,
        name="Ana Other",
        account=Account(user_name="ana2"),
        created_at=NOW,
        changed_at=NOW,
    )
    store.save(None, heir, recorded(None, heir, SCIM, NOW), instead_of=[gone])
    person = people.meet(ANA.model_copy(update={"id": PersonId("other-sub")}))
    assert people.by_email(ANA.email).id == person.id
    assert people.may_be_written_to(ANA.email)
    assert not people.active(ANA.id)


def test_a_second_identity_with_an_address_scim_knows_is_refused(people, store):
    listed(store, ANA.email)
    people.meet(ANA)
    with pytest.raises(AddressOfAnother):
        people.meet(ANA.model_copy(update={"id": PersonId("impostor")}))
    assert people.by_email(ANA.email).id == ANA.id


def test_signing_out_everywhere_ends_what_was_begun_before_and_nothing_after(people, clock, dynamodb):
    people.meet(ANA)
    begun = clock()
    assert people.admit(ANA, begun) == ANA
    clock.pass_(minutes=5)
    people.end_sessions(ANA, ANA.acting_as(Role.REQUESTER))
    assert people.admit(ANA, begun) is None
    assert people.admit(ANA, clock()) is None
    clock.pass_(seconds=1)
    assert people.admit(ANA, clock()) == ANA
    assert "person.sessions_ended" in {event["action"] for event in told(dynamodb)}


def test_a_session_has_the_groups_of_today(people):
    people.meet(ANA)
    people.meet(ANA.model_copy(update={"groups": frozenset({"reviewers"})}))
    assert people.admit(ANA, NOW).groups == {"reviewers"}


def test_no_key_of_the_table_tells_an_address_or_a_name(people, dynamodb):
    people.meet(ANA)
    for item in dynamodb.scan(TableName="directory")["Items"]:
        assert "ana@example.com" not in item["pk"]["S"] + item["sk"]["S"]
