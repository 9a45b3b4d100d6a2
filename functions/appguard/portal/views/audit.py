"""Searching the ledger: a form, pages of hits, and each entry with its proof."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlencode

from pydantic import ValidationError

from appguard.audit.search.asking import client_here, find
from appguard.audit.search.asking import show as ask_for
from appguard.audit.search.filters import Filters, words_of
from appguard.audit.search.model import Answer, Question, Showing, Shown
from appguard.audit.search.saved import SAVED, SavedName
from appguard.kernel.errors import AppGuardError, Invalid, NotFound
from appguard.kernel.event import Result, Role
from appguard.kernel.levels import DataClass
from appguard.portal import render
from appguard.portal.http import Reply, Request

FIELDS = ("app", "actor", "action", "resource", "result", "data_class", "text")
DAYS = ("from", "to")
ASKED = (*FIELDS, *DAYS, "saved")
LONGEST = 600


def search(request: Request) -> Reply:
    """A page of hits; the address says all that was asked. What cannot be asked is said above the form."""
    asked = {name: value for name in ASKED if (value := request.query.get(name, "").strip()[:LONGEST])}
    answer, problem = None, None
    try:
        question = _question(asked, request.query.get("after"))
        answer = find(client_here(), question, request.acting_as(Role.AUDITOR, Role.SECURITY, Role.PLATFORM))
    except AppGuardError as error:
        problem = error
    return render.page(
        "_audit_hits.html" if request.partial else "audit.html",
        request,
        status=problem.status if problem else 200,
        asked=dict.fromkeys(ASKED, "") | asked,
        saved=SAVED.get(asked.get("saved", "")),  # type: ignore[call-overload]
        queries=SAVED,
        results=list(Result),
        classes=list(DataClass),
        answer=answer,
        older=_older(asked, answer),
        first="after" not in request.query,
        problem=problem,
    )


def show(request: Request) -> Reply:
    """One entry: everything it says, and where it stands."""
    shown = _shown(request)
    event = json.loads(shown.hit.body)
    return render.page(
        "audit_entry.html",
        request,
        hit=shown.hit,
        event=shown.hit.event,
        whole=json.dumps(event, indent=2, ensure_ascii=False),
        steps=len(shown.proof["path"]),  # type: ignore[arg-type]
        checkpoint=shown.proof["checkpoint"],
    )


def proof(request: Request) -> Reply:
    """The file that `appguard audit verify` takes."""
    shown = _shown(request)
    return Reply(
        json.dumps(shown.proof, indent=1, ensure_ascii=False) + "\n",
        content_type="application/json",
        headers={
            "content-disposition": f'attachment; filename="{shown.hit.event.event_id}.json"',
        },
    )


def _question(asked: Mapping[str, str], after: str | None) -> Question:
    given: dict[str, object] = {name: asked[name] for name in FIELDS if name in asked}
    if "from" in asked:
        given["since"] = _midnight(asked["from"])
    if "to" in asked:
        given["until"] = _midnight(asked["to"]) + timedelta(days=1)
    try:
        return Question(
            filters=Filters.model_validate(given),
            saved=SavedName(asked["saved"]) if "saved" in asked else None,
            after=after,
        )
    except ValidationError as error:
        raise Invalid(
            f"This cannot be searched for: {words_of(error)}", "Change it and search again."
        ) from None
    except ValueError:
        raise Invalid("There is no such saved query", "Choose one from the list.") from None


def _midnight(day: str) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(day), time(), UTC)
    except ValueError:
        raise Invalid("A day is written like 2026-11-24") from None


def _older(asked: Mapping[str, str], answer: Answer | None) -> str:
    """The address of the next page."""
    if answer is None or answer.next is None:
        return ""
    return "/audit?" + urlencode({**asked, "after": answer.next})


def _shown(request: Request) -> Shown:
    try:
        asked = Showing.model_validate({"log": request.params["log"], "number": request.params["number"]})
    except ValidationError:
        raise NotFound("There is no such entry") from None
    return ask_for(client_here(), asked)
