"""The one-page form for a new app, with the risk explained as one types."""

from collections.abc import Mapping
from dataclasses import replace

from appguard.apps.bedrock import ranker
from appguard.apps.catalog import AppIdTaken, catalog
from appguard.apps.recommend import Suggestion, recommend
from appguard.apps.templates import NOTHING, start, templates
from appguard.kernel.errors import NotFound
from appguard.kernel.event import Role
from appguard.kernel.levels import DataClass
from appguard.portal import render
from appguard.portal.http import Reply, Request, redirect
from appguard.portal.intent import ADVICE, FormProblems, read, risk_so_far
from appguard.portal.settings import settings
from appguard.portal.words import CLASSES

EMPTY = (NOTHING, "An empty app", "No pages yet: you choose data and add pages yourself.")


def show(request: Request) -> Reply:
    """The empty form; an address may choose the template."""
    chosen = request.query.get("template", "")
    return _form(replace(request, form={"template": chosen} if chosen in templates() else {}), {})


def risk(request: Request) -> Reply:
    """The tier of what has been chosen so far, and a fitting template: a piece of the page."""
    return render.page(
        "_risk_so_far.html",
        request,
        risk=risk_so_far(request.form),
        suggestion=_suggestion(request),
    )


def create(request: Request) -> Reply:
    """Make the draft and go to its page; without JavaScript the same form also explains the risk."""
    if request.form.get("action") == "explain":
        return _form(request, {})
    try:
        form = read(request.form)
        bundle = start(form.template, form.metadata(request.person.email), form.intent())
        app = catalog().create(form.app_id, form.name, form.purpose, form.team, request.person)
    except FormProblems as problem:
        return _form(request, problem.by_field)
    except NotFound:
        return _form(request, {"template": ADVICE["template"]})
    except AppIdTaken:
        return _form(request, {"app_id": "Another app has this address. Choose another one."})
    catalog().save_draft(app.app_id, bundle, request.acting_as(Role.REQUESTER))
    return redirect(f"/my/{app.app_id}", new="1")


def _suggestion(request: Request) -> Suggestion | None:
    """A template for the purpose and data chosen so far; the model, where there is one, only ranks."""
    chosen = request.form.get("data_class", "")
    data_class = DataClass(chosen) if chosen in {each.value for each in DataClass} else None
    return recommend(request.form.get("purpose", ""), data_class, ranker(settings().recommend_model))


def _form(request: Request, problems: Mapping[str, str]) -> Reply:
    return render.page(
        "new_app.html",
        request,
        status=422 if problems else 200,
        form=request.form,
        problems=problems,
        templates=[*((each.name, each.title, each.description) for each in templates().values()), EMPTY],
        data_classes=[(each.value, words.label, words.meaning) for each, words in CLASSES.items()],
        risk=risk_so_far(request.form),
        suggestion=_suggestion(request),
    )
