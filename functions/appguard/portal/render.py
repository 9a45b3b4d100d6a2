"""Pages from templates: escaped by default, and a missing value is an error, not an empty spot."""

import hashlib
from functools import cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from appguard.apps.editing.outline import selector
from appguard.kernel.errors import AppGuardError
from appguard.kernel.event import current_trace
from appguard.kernel.phrase import Phrase
from appguard.portal import access, times, words
from appguard.portal.findings import grouped, plainly, worst
from appguard.portal.help import HELP
from appguard.portal.http import Reply, Request, safe_return
from appguard.portal.languages import ENGLISH, LANGUAGES, said, translations
from appguard.portal.settings import settings

HERE = Path(__file__).parent


def page(template: str, request: Request, status: int = 200, **context: Any) -> Reply:
    """A whole page."""
    return _html(template, request, context, status)


def error(problem: AppGuardError, request: Request) -> Reply:
    """What went wrong, its code and what to do: JSON for programs, a piece or a page for people."""
    if request.wants_json:
        import json  # noqa: PLC0415 - programs are rare guests here

        return Reply(json.dumps(problem.as_dict()), problem.status, "application/json")
    template = "_error.html" if request.partial else "error.html"
    context = {
        "problem": problem,
        "trace": current_trace(),
        "typed": _typed(request),
        "sign_in": f"/sign-in?{urlencode({'next': _page_of(request)})}",
    }
    return _html(template, request, context, problem.status)


def _typed(request: Request) -> dict[str, str]:
    """What a person wrote into the form that failed, so that an error eats none of it."""
    return {name: text for name, text in request.form.items() if name != "csrf" and " " in text.strip()}


def _page_of(request: Request) -> str:
    """The page a form stands on, to come back to; browsers name it, since they stay on this site."""
    if request.method == "GET":
        return request.path
    page = urlsplit(request.headers.get("referer", ""))
    return safe_return(page.path) if f"{page.scheme}://{page.netloc}" == settings().origin else "/"


@cache
def asset(name: str) -> str:
    """Address of a static file; it changes with the content, so browsers may keep it for ever."""
    digest = hashlib.sha256((HERE / "static" / name).read_bytes()).hexdigest()
    return f"/static/{name}?v={digest[:12]}"


def _html(template: str, request: Request, context: dict[str, Any], status: int) -> Reply:
    headers = {"content-language": request.reader.language, "vary": "accept-language, cookie"}
    return Reply(_render(template, request, context), status, headers=headers)


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
        "revoke": request.is_any(access.REVOKERS),
    }
    found = environment(request.reader.language).get_template(template)
    help_ = HELP.get(request.route)
    return found.render(request=request, may=may, help=help_, contact=settings().help_contact, **context)


@cache
def environment(language: str) -> Environment:
    """The templates of the portal in `language`, with the words, dates and addresses they use."""
    env = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        extensions=["jinja2.ext.i18n"],
        finalize=lambda value: said(value, language) if isinstance(value, Phrase) else value,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    env.policies["ext.i18n.trimmed"] = True
    env.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]
    env.filters |= {
        "day": times.day,
        "moment": times.moment,
        "relative": times.relative,
        "number": times.number,
        "said": partial(text_or_english, language=language),
        "short": short,
        "grouped": grouped,
        "worst": worst,
        "plainly": plainly,
        "selector": selector,
        "option": words.option,
    }
    env.globals |= {"asset": asset, "words": words, "languages": LANGUAGES}
    return env


def text_or_english(text: str, language: str) -> str:
    """`text` in `language`; where it was never translated the English, which says that it is (WCAG 3.1.2)."""
    shown = said(text, language)
    unknown = language != ENGLISH and shown == text
    return Markup('<span lang="en">{}</span>').format(shown) if unknown else shown


def short(digest: str | None) -> str:
    """The first twelve digits of a digest, enough to compare by eye."""
    return digest.removeprefix("sha256:")[:12] if digest else "none"
