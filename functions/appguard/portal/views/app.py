"""The page of one app, its review as it goes, its parts list, and submitting it."""

import json
from collections.abc import Sequence
from typing import Any

from appguard.apps.catalog import catalog
from appguard.apps.model import App
from appguard.connectors.registry import registry
from appguard.gates.model import GateResult
from appguard.kernel.clock import utc_now
from appguard.kernel.errors import Conflict, NotFound
from appguard.kernel.event import Role
from appguard.kernel.ids import BundleDigest
from appguard.portal import render
from appguard.portal.access import EDITORS_OF_ANY, READERS
from appguard.portal.acts import WORDS, Act, possible, role_for
from appguard.portal.apps import attested_review, changes_of, draft_of, latest_review, own, visible
from appguard.portal.grant_words import sentences
from appguard.portal.guide import guide
from appguard.portal.http import Reply, Request, redirect
from appguard.portal.intent import EDITABLE
from appguard.portal.views.repository import from_git

UNDER_WAY = frozenset({"running", "waiting", "approved"})


def show(request: Request) -> Reply:
    """Everything for owners and those who watch over apps; the outside of it for everybody else."""
    app = visible(request)
    mine = app.owner == request.person.id
    if not (mine or request.is_any(READERS)):
        return render.page("app_outside.html", request, app=app)
    draft, can = draft_of(app), _can(request, app, mine=mine)
    return render.page(
        "app.html",
        request,
        app=app,
        mine=mine,
        draft=draft,
        can=can,
        changes=changes_of(app, draft) if can["submit"] else None,
        new="new" in request.query,
        guide=guide(request, app),
        **_accepted(app),
        attested=attested_review(app.app_id, app.in_use),
        git=from_git(app),
        acts=[(act, WORDS[act]) for act in possible(request, app)],
        notes=catalog().notes(app.app_id),
        due=catalog().due_dates(app.app_id),
        offer=catalog().offer_of(app.app_id),
        may_withdraw=role_for(request, app, Act.TRANSFER) is not None,
        touches=sentences(app.publication.grants, registry()) if app.publication else [],
        **_progress(app),
    )


def progress(request: Request) -> Reply:
    """The review as it stands: a piece of the page, asked for again while it is under way."""
    app = visible(request)
    if not (app.owner == request.person.id or request.is_any(READERS)):
        raise NotFound("There is no such app")
    state = _progress(app)
    if state["review"] is None:
        raise NotFound("No version of it was ever submitted")
    reply = render.page("_progress.html", request, app=app, **state)
    over = state["review"].state not in UNDER_WAY
    return reply.with_headers({"hx-refresh": "true"}) if over else reply


def submit(request: Request) -> Reply:
    """Ask for a review of exactly the version the page showed."""
    from appguard.reviews.reviews import reviews  # noqa: PLC0415 - with its workflow client

    app = own(request)
    if app.draft is None or request.form.get("digest") != app.draft:
        raise Conflict(
            "The draft has changed since this page was made", "Look at the new version, then submit it."
        )
    reviews().submit(app.app_id, app.draft, request.acting_as(Role.REQUESTER))
    return redirect(f"/my/{app.app_id}")


def sbom(request: Request) -> Reply:
    """The parts list of a version as a file: SPDX 2.3, or CycloneDX if asked.

    Of the version in use, or of the draft; for those who may see reviews of any version reviewed.
    """
    from appguard.gates.cyclonedx import cyclonedx  # noqa: PLC0415
    from appguard.gates.sbom import sbom as spdx  # noqa: PLC0415

    app = visible(request)
    digest = _asked(request, app) or app.in_use or app.draft
    if digest is None:
        raise NotFound("This app has no version yet")
    form, make, media = (
        ("cdx", cyclonedx, "application/vnd.cyclonedx+json")
        if request.query.get("format") == "cyclonedx"
        else ("spdx", spdx, "application/spdx+json")
    )
    return Reply(
        json.dumps(make(catalog().bundle(digest)), indent=2),
        content_type=media,
        headers={"content-disposition": f'attachment; filename="{app.app_id}.{form}.json"'},
    )


def _asked(request: Request, app: App) -> BundleDigest | None:
    """The version the address names, if a review of this app was about it."""
    from appguard.reviews.reviews import reviews  # noqa: PLC0415 - with its workflow client

    if not (named := request.query.get("version")):
        return None
    if app.owner == request.person.id or request.is_any(READERS):
        for review in reviews().of_app(app.app_id):
            if review.bundle_digest == named:
                return review.bundle_digest
    raise NotFound("There is no such version")


def attestation(request: Request) -> Reply:
    """The signed statement of how a version came to be approved: the one in use, or the one asked for."""
    from appguard.provenance.documents import ATTESTATION_FILE, documents  # noqa: PLC0415

    app = visible(request)
    if not (app.owner == request.person.id or request.is_any(READERS)):
        raise NotFound("There is no such app")
    review = attested_review(app.app_id, request.query.get("version") or app.in_use)
    envelope = documents(review).get(ATTESTATION_FILE) if review else None
    if envelope is None:
        raise NotFound("This version has no attestation")
    return Reply(
        envelope.decode(),
        content_type="application/vnd.in-toto+json",
        headers={"content-disposition": f'attachment; filename="{app.app_id}.dsse.json"'},
    )


def _progress(app: App) -> dict[str, Any]:
    from appguard.gates.evidence import results  # noqa: PLC0415

    review = latest_review(app)
    gates: Sequence[GateResult] = results(review.review_id) if review else ()
    return {
        "review": review,
        "gates": gates,
        "findings": [finding for gate in gates for finding in gate.findings],
        "under_way": review is not None and review.state in UNDER_WAY,
    }


def _accepted(app: App) -> dict[str, Any]:
    """What was accepted for a time, and whether some of it is no longer."""
    from appguard.approvals.exceptions.exceptions import exceptions  # noqa: PLC0415 - likewise

    standing = [each for each in exceptions().of_app(app.app_id) if each.state != "closed"]
    return {"exceptions": standing, "lapsed": exceptions().lapsed(app.app_id), "now": utc_now()}


def _can(request: Request, app: App, *, mine: bool) -> dict[str, bool]:
    """What the person may do with the draft; the routes check again."""
    return {
        "edit": (mine or request.is_any(EDITORS_OF_ANY)) and app.state in EDITABLE,
        "submit": mine and app.draft not in {None, app.in_use} and app.state in EDITABLE,
    }
