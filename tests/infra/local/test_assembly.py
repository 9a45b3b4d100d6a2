from infra.local import assembly
from infra.local.differences import DIFFERENCES, Names
from infra.local.people import PEOPLE
from infra.local.places import ROOT


def test_another_port_is_another_assembly():
    one = assembly._digest({"portal_url": "http://127.0.0.1:1"})
    assert one == assembly._digest({"portal_url": "http://127.0.0.1:1"})
    assert one != assembly._digest({"portal_url": "http://127.0.0.1:2"})


def test_the_harness_and_the_command_line_are_not_part_of_what_is_deployed():
    parts = {file.relative_to(ROOT).as_posix() for file in assembly._sources()}
    assert "functions/appguard/kernel/ids.py" in parts
    assert not [part for part in parts if part.startswith(("infra/local/", "functions/appguard/cli/"))]


def test_names_resolve_references_and_arns_of_queues():
    names = Names(Boundary="arn:aws:iam::000000000000:policy/b", Dead="http://127.0.0.1:1/000000000000/dead")
    assert names.resolve("plain") == "plain"
    assert names.resolve({"Ref": "Boundary"}) == "arn:aws:iam::000000000000:policy/b"
    assert names.resolve({"Fn::GetAtt": ["Dead", "Arn"]}) == "arn:aws:sqs:us-east-1:000000000000:dead"


def test_every_difference_names_its_reason():
    assert all(difference.reason for difference in DIFFERENCES)


def test_everybody_listed_is_an_employee_with_an_address_of_the_example_domain():
    assert all("employees" in person.groups for person in PEOPLE)
    assert all(person.email.endswith("@example.com") for person in PEOPLE)
