"""Connectors in plain words: what data there is, who answers for it, which apps use it; asking its owner."""

from appguard.access.access import access
from appguard.apps.card import Card
from appguard.apps.catalog import catalog
from appguard.apps.lifecycle import State
from appguard.connectors.model import Connector
from appguard.connectors.registry import registry
from appguard.kernel.errors import Invalid, NotFound
from appguard.kernel.ids import ConnectorName
from appguard.portal import connector_words, render
from appguard.portal.http import Reply, Request, redirect

MAX_WORDS = 500
SHOWN = 30
ANSWERS = {"yes": True, "no": False}


def browse(request: Request) -> Reply:
    """All connectors."""
    uses = {name: len(_users(name)) for name in registry()}
    return render.page(
        "connectors.html", request, connectors=list(registry().values()), uses=uses, say=connector_words
    )


def show(request: Request) -> Reply:
    """One connector."""
    connector = _named(request)
    users = _users(connector.name)
    return render.page(
        "connector.html",
        request,
        connector=connector,
        say=connector_words,
        users=users[:SHOWN],
        more=max(0, len(users) - SHOWN),
        asked=access().of(request.person, connector.name),
        max_words=MAX_WORDS,
    )


def ask(request: Request) -> Reply:
    """Ask the data's owner whether one may build with it."""
    connector = _named(request)
    access().ask(connector.name, request.person, _words(request, "purpose", "Say what you need it for"))
    return redirect(f"/connectors/{connector.name}")


def answer(request: Request) -> Reply:
    """A data owner says yes or no, and why."""
    if (said := request.form.get("answer", "")) not in ANSWERS:
        raise Invalid("Say yes or no")
    words = _words(request, "words", "Say in a sentence why")
    answered = access().answer(request.params["request_id"], request.person, words, yes=ANSWERS[said])
    return redirect("/", answered=answered.connector)


def _named(request: Request) -> Connector:
    try:
        return registry()[ConnectorName(request.params["name"])]
    except (KeyError, ValueError):
        raise NotFound("There is no such connector") from None


def _users(name: ConnectorName) -> list[Card]:
    """The apps in use that were granted something of it, by name."""
    using = (c for c in catalog().cards() if c.state is State.ACTIVE and name in c.connectors)
    return sorted(using, key=lambda card: card.name.casefold())


def _words(request: Request, field: str, problem: str) -> str:
    if words := request.field(field, MAX_WORDS):
        return words
    raise Invalid(problem)
