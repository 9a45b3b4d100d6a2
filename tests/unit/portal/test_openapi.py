"""The OpenAPI document says what the portal does: whatever is asked, it answers, and as it says."""

import json

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from appguard.audit.search import asking
from appguard.kernel.errors import NotFound
from appguard.portal.api.openapi import SPOKEN, described
from appguard.portal.routes import ROUTES
from tests.unit.portal.walk import Step, concrete, peopled
from tests.unit.portal.world import ANA, DORA, NOBODY, PAT, ROB, SAM, Browser, bearer, program

PEOPLE = (None, NOBODY, ANA, ROB, DORA, SAM, PAT)
NAMES = st.one_of(
    st.sampled_from(["others-app", "own-requester", "start", "x" * 43, "0", "%00", "..%2f..", "%ff"]),
    st.text("abcXYZ019-_.~%", min_size=1, max_size=80),
)
TEXTS = st.text(max_size=40)
BODIES = st.one_of(
    st.binary(max_size=60),
    st.fixed_dictionaries(
        {"verdict": st.sampled_from(["approve", "refuse", "", None, 1])},
        optional={"comment": TEXTS, "x": TEXTS},
    ).map(lambda said: json.dumps(said).encode()),
)
FIELDS = (
    "q",
    "page",
    "days",
    "since",
    "until",
    "name",
    "reason",
    "comment",
    "verdict",
    "digest",
    "to",
)
FORMS = st.dictionaries(
    st.sampled_from(FIELDS), TEXTS.map(lambda text: text.encode(errors="replace").decode())
)
DOCUMENT = described()


@pytest.fixture(scope="module")
def ids():
    def absent(*_):
        raise NotFound("There is no such entry")

    with peopled() as ids, pytest.MonkeyPatch.context() as patch:
        patch.setattr(asking, "_ask", absent)  # the search is another function
        yield ids


def test_every_address_is_described_and_those_of_programs_in_full():
    told = {(method.upper(), path) for path, its in DOCUMENT["paths"].items() for method in its} - {
        ("PARAMETERS", path) for path in DOCUMENT["paths"]
    }
    assert len(told) == len(ROUTES)
    spoken = {f"{route.method} {route.path}" for route in ROUTES if route.bearer}
    assert spoken <= SPOKEN.keys()
    assert SPOKEN.keys() <= {f"{route.method} {route.path}" for route in ROUTES}


def test_each_address_says_which_roles_may_come():
    decide = DOCUMENT["paths"]["/api/approvals"]["get"]
    assert decide["x-roles"] == ["data_owner", "reviewer", "security"]
    assert decide["security"] == [{"bearer": []}]
    assert "security" not in DOCUMENT["paths"]["/healthz"]["get"]


def test_its_schemas_are_schemas_and_no_name_stands_twice():
    for schema in DOCUMENT["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    names = [
        its["operationId"]
        for each in DOCUMENT["paths"].values()
        for its in each.values()
        if isinstance(its, dict)
    ]
    assert len(names) == len(set(names)) == len(ROUTES)


def test_it_is_served_to_anybody(ids):
    answer = program("GET", "/api/openapi.json")
    assert (answer.status, json.loads(answer.body)) == (200, DOCUMENT)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
@settings(
    max_examples=3,
    derandomize=True,  # other examples only where somebody looks for them
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(person=st.sampled_from(PEOPLE), data=st.data())
def test_whatever_is_asked_is_answered_without_an_error_of_ours_and_as_described(ids, route, person, data):
    named = concrete(route.path, {name: data.draw(NAMES) for name in ("app_id", "page_id", "name", "number")})
    path = named.replace("x" * 43, ids.locator if data.draw(st.booleans()) else "y" * 43)
    answer = asked(Step(route, "", path), person, data)
    assert answer.status < 500, (path, answer.body)
    if spoken := SPOKEN.get(f"{route.method} {route.path}"):
        assert answer.headers["content-type"] == "application/json"
        conforms(json.loads(answer.body), spoken.gives if answer.status == 200 else None, answer.status)


def asked(step, person, data):
    if step.route.bearer or person is None:
        token = bearer(person) if person and data.draw(st.booleans()) else ""
        return program(step.route.method, step.path, token, data.draw(BODIES))
    browser = Browser.of(person)
    return (
        browser.get(step.path) if step.route.method == "GET" else browser.post(step.path, **data.draw(FORMS))
    )


def conforms(said, model, status):
    if status != 200:
        name = "Failure"
    elif model is None:
        return
    else:
        name = model.__name__
    schema = {"$ref": f"#/components/schemas/{name}", "components": DOCUMENT["components"]}
    Draft202012Validator(schema).validate(said)
