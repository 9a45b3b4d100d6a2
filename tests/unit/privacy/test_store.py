import json

from appguard.privacy.subject import Subject

ANA, BOB = Subject("ana@example.com"), Subject("bob@example.com")


def test_keys_that_were_made_are_found_and_nobody_elses(key_store):
    made = key_store.make([ANA])
    assert key_store.find([ANA, BOB]) == made
    assert len(made[ANA].secret) == 32


def test_who_makes_a_key_second_gets_the_first(key_store):
    first = key_store.make([ANA])
    assert key_store.make([ANA, BOB])[ANA] == first[ANA]


def test_hundreds_of_subjects_at_once(key_store):
    many = [Subject(f"{number}@example.com") for number in range(250)]
    made = key_store.make(many)
    assert key_store.find(many) == made
    assert len({key.secret for key in made.values()}) == 250


def test_a_row_does_not_say_whose_it_is(key_store, dynamodb):
    key_store.make([ANA])
    rows = dynamodb.scan(TableName="subjects")["Items"]
    assert len(rows) == 1
    assert "ana" not in json.dumps(rows, default=repr)
