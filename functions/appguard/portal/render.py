"""Pages from templates: escaped by default, and a missing value is an error, not an empty spot."""

import hashlib
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from appguard.apps.editing.outline import selector
from appguard.kernel.errors import AppGuardError
from appguard.kernel.event import Role, current_trace
from appguard.portal import access, words
from appguard.portal.findings import grouped, plainly, worst
from appguard.portal.http import Reply, Request

HERE = Path(__file__).parent


def page(template: str, request: Request, status: int = 200, **context: Any) -> Reply:
    """A whole page."""
    return Reply(_render(template, request, context), status)


def error(problem: AppGuardError, request: Request) -> Reply:
    """What went wrong, its code and what to do: JSON for programs, a piece or a page for people."""
    if request.wants_json:
        import json  # noqa: PLC0415 - programs are rare guests here

        return Reply(json.dumps(problem.as_dict()), problem.status, "application/json")
    template = "_error.html" if request.partial else "error.html"
    context = {"problem": problem, "trace": current_trace()}
    return Reply(_render(template, request, context), problem.status)


@cache
def asset(name: str) -> str:
    """Address of a static file; it changes with the content, so browsers may keep it for ever."""
    digest = hashlib.sha256((HERE / "static" / name).read_bytes()).hexdigest()
    return f"/static/{name}?v={digest[:12]}"


def _render(template: str, request: Request, context: dict[str, Any]) -> str:
    may = {
        "build": request.is_any(access.BUILDERS),
        "decide": request.is_any(access.DECIDERS),
        "steward": request.is_any(access.STEWARDS),
        "oversee": request.is_any(access.OVERSEERS),
        "answer": request.is_any(access.ANSWERERS),
        "examine": request.is_any(access.EXAMINERS),
        "keep": request.is_any(access.KEEPERS),
        "search": request.is_any(access.SEARCHERS),
        "revoke": Role.SECURITY in request.roles,
    }
    return environment().get_template(template).render(request=request, may=may, **context)


@cache
def environment() -> Environment:
    """The templates of the portal with the words, dates and addresses they use."""
    env = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    env.filters |= {"day": day, "moment": moment, "short": short, "grouped": grouped, "worst": worst}
    env.filters |= {"selector": selector, "said": words.said, "plainly": plainly}
    env.globals |= {"asset": asset, "words": words}
    return env


def day(value: date | None) -> str:
    """`3 March 2026`, readable in any English."""
    return f"{value.day} {value:%B %Y}" if value else "not set"


def moment(value: datetime | None) -> str:
    """`3 March 2026, 14:05 UTC`."""
    return f"{day(value)}, {value.astimezone(UTC):%H:%M} UTC" if value else "not yet"


def short(digest: str | None) -> str:
    """The first twelve digits of a digest, enough to compare by eye."""
    return digest.removeprefix("sha256:")[:12] if digest else "none"
