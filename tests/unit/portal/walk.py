"""Every address of the portal, as every role and as nobody, with ids that are one's own, another's, and none.

`python -m tests.unit.portal.walk > docs/roles.md` writes down who came in. The page is a policy to be read:
whatever changes who may do what changes it, and a test says so.
"""

import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple
from urllib.parse import urlencode

import pytest

from appguard.approvals.exceptions.exporting import export_exceptions
from appguard.connectors.exports.leaving import leaving
from appguard.connectors.registry import registry
from appguard.kernel.event import Role
from appguard.kernel.ids import AppId, PersonId
from appguard.kernel.person import Person
from appguard.portal.access import role_map
from appguard.portal.routes import ROUTES, Route
from appguard.portal.views import lifecycle
from tests.unit.portal.world import (
    ROB,
    Answer,
    Browser,
    bearer,
    leave_request,
    program,
    published,
    shelved_report,
    signed_in,
    waiting,
    world,
)

PARAMETER = re.compile(r"<(\w+)>")
OTHER = Person(id="oda@example.com", email="oda@example.com", name="Oda", groups=frozenset({"requesters"}))
LOCATOR = "x" * 43
AS_IF_THERE_WERE_NONE = ("There is no such app", "There is no such session", "There is no such request")
EXPORT = {"app": "others-app", "connector": "hr-db", "query": "team_calendar"}
REASON = "It is only a walk."
FORMS = {
    "POST /api/approvals/<locator>": {"verdict": "refuse", "comment": REASON},
    "POST /approvals/<locator>": {"verdict": "refuse", "comment": REASON},
    "POST /exceptions/<exception_id>/renew": {"reason": REASON},
    "POST /exceptions/<exception_id>/revoke": {"reason": REASON},
    "POST /my/<app_id>/offer": {"answer": "decline"},
    "POST /exports/allow": {**EXPORT, "reason": REASON},
}
"""What is sent where who may is asked after what was sent."""
ELSEWHERE = {"page_id": "start", "log": "3y", "number": "0", "token": LOCATOR, "name": "portal.css"}
"""Parameters that name nobody's thing."""
HEAD = """\
# Who may do what

Written by `python -m tests.unit.portal.walk` from what the portal answers to each role; a test walks
all of it again and compares. What a role may is changed in `policies/roles.yaml`.

| role | may | groups | permissions |
|---|---|---|---|
"""
PAGES = """
A person has the roles of all their groups. Whoever has no role is let in nowhere and can sign out; whoever is
not signed in is sent to the sign-in. To somebody who may not know of a thing, it is as if there were none.

| address | of | may |
|---|---|---|
"""


class Step(NamedTuple):
    """One address with one kind of id."""

    route: Route
    whose: str
    path: str

    @property
    def name(self) -> str:
        """How the page calls it."""
        return f"{self.route.method} {self.route.path}"


class Ids(NamedTuple):
    """What is there to be asked for."""

    locator: str
    exception_id: str
    report_id: str


def someone(role: Role) -> Person:
    """A person of this role alone."""
    address = f"{role.replace('_', '-')}@example.com"
    groups = frozenset(sorted(role_map().roles[role].groups)[:1])
    return Person(id=PersonId(address), email=address, name=role, groups=groups)


@contextmanager
def peopled() -> Iterator[Ids]:
    """A portal with an app of each role and of somebody else, in which no button does anything."""
    with world(), pytest.MonkeyPatch.context() as patch:
        for name in ("recertify", "suspend", "retire"):
            patch.setattr(lifecycle.operations, name, lambda *_: None)
        for role in role_map().roles:
            leave_request(someone(role), own(role))
        leave_request(OTHER, "others-draft")
        published(leave_request(OTHER, "others-app"))
        _, locator = waiting(leave_request(OTHER, "others-review"), OTHER)
        yield Ids(locator, exported(), shelved_report().report_id)


def exported() -> str:
    """An exception of somebody else's app: rows of it may leave as a file."""
    asked = export_exceptions().asked(AppId("others-app"), "hr-db", "team_calendar")
    return str(export_exceptions().allow(asked, ROB, REASON).exception_id)


def own(role: Role) -> str:
    """The app of whoever has this role alone."""
    return f"own-{role.replace('_', '-')}"


def steps(role: Role, ids: Ids) -> Iterator[Step]:
    """All addresses as somebody of this role would ask for them."""
    strangers, _ = signed_in(OTHER)
    whose = {
        "app_id": {
            "one's own app": own(role),
            "another's draft": "others-draft",
            "another's app in use": "others-app",
        },
        "session_id": {"another's": strangers.partition(".")[0]},
        "locator": {"another's": ids.locator},
        "exception_id": {"": ids.exception_id},
        "report_id": {"": ids.report_id},
    }
    for route in ROUTES:
        if route.roles is None:
            continue
        names = PARAMETER.findall(route.path)
        kind = next((name for name in names if name in whose), None)
        for of, value in whose[kind].items() if kind else (("", ""),):
            yield Step(route, of, concrete(route.path, {**ELSEWHERE, kind or "": value}))


def concrete(path: str, values: dict[str, str]) -> str:
    """A path with its parameters filled in."""
    return PARAMETER.sub(lambda found: values.get(found[1], LOCATOR), path)


def ask(browser: Browser, step: Step, person: Person | None = None) -> Answer:
    """What the portal answers; to a form with the session's token and little else. A program is `person`."""
    if step.route.bearer:
        said = json.dumps(FORMS[step.name]).encode() if step.route.method == "POST" else b""
        return program(step.route.method, step.path, bearer(person) if person else "", said)
    if step.route.method == "GET":
        return browser.get(step.path + ("?" + urlencode(EXPORT) if step.path == "/exports/allow" else ""))
    columns = "; ".join(leaving(registry()["hr-db"].queries["team_calendar"]))
    return browser.post(step.path, columns=columns, **FORMS.get(step.name, {}))


def let_in(answer: Answer) -> bool:
    """Whether somebody got past the guard and the rules on whose thing it is."""
    sent_away = answer.status == 303 and answer.headers.get("location", "").startswith("/sign-in")
    unknown = answer.status == 404 and any(words in answer.body for words in AS_IF_THERE_WERE_NONE)
    return answer.status not in {401, 403} and not sent_away and not unknown


def walked(ids: Ids) -> dict[tuple[str, str], list[str]]:
    """Who was let in where."""
    found: dict[tuple[str, str], list[str]] = {}
    for role in role_map().roles:
        browser = Browser()
        for step in steps(role, ids):
            if not browser.cookies:  # at first, and after what signs out
                browser = Browser.of(someone(role))
            roles = found.setdefault((step.name, step.whose), [])
            if let_in(ask(browser, step, someone(role))):
                roles.append(role.value)
    return found


def markdown(found: dict[tuple[str, str], list[str]]) -> str:
    """docs/roles.md."""
    roles = "".join(
        f"| {role.value} | {its.may} | {_listed(its.groups)} | {_listed(its.permissions)} |\n"
        for role, its in role_map().roles.items()
    )
    rows = "".join(f"| `{name}` | {of} | {_who(who)} |\n" for (name, of), who in found.items())
    return HEAD + roles + PAGES + rows


def _listed(names: object) -> str:
    return ", ".join(f"`{name}`" for name in sorted(map(str, names)))  # type: ignore[call-overload]


def _who(roles: list[str]) -> str:
    if len(roles) == len(role_map().roles):
        return "every role"
    return ", ".join(role.replace("_", " ") for role in roles) or "nobody"


if __name__ == "__main__":
    with peopled() as there:
        sys.stdout.write(markdown(walked(there)))
