"""`appguard approve`: what waits for one's word, and saying it, as in the portal."""

import re
from collections.abc import Iterator
from typing import Annotated, NoReturn

import typer
from pydantic import ValidationError

from appguard.approvals.model import Verdict
from appguard.approvals.summary import ApprovalSummary
from appguard.cli.sign_in import id_token
from appguard.cli.web import ask
from appguard.kernel.errors import AppGuardError, Conflict, Invalid, NotFound
from appguard.portal.api.model import Decision, Heard, Inbox

IMPOSSIBLE = 3
SHOWN = 12
"""How much of an id is shown and enough to name one's own: `apr-` and eight digits."""
WHOLE = re.compile(r"apr-[0-9a-f]{64}|[A-Za-z0-9_-]{43}")
JSON = "application/json"


def approve(
    url: Annotated[
        str, typer.Option("--url", envvar="APPGUARD_URL", help="The portal's address, https://….")
    ],
    request: Annotated[
        str, typer.Argument(metavar="[ID]", help="Which request; its first digits are enough.")
    ] = "",
    refuse: Annotated[bool, typer.Option("--refuse", help="Refuse it instead; say why.")] = False,
    comment: Annotated[str, typer.Option("--comment", help="What you want to say about it.")] = "",
) -> None:
    """Without an ID list what waits for you; with one show what the decision rests on, then ask for yours.

    Each time you sign in in the browser. Exit code: 0 done, 1 you said neither, 3 it was not possible.
    """
    try:
        desk = Desk(url.rstrip("/"))
        if request:
            _decide(desk, desk.named(request), Verdict.REFUSE if refuse else Verdict.APPROVE, comment)
        else:
            _list(desk.inbox())
    except AppGuardError as error:
        _stop(error.message, error.advice)
    except ValidationError:
        _stop("the portal says something this version cannot read", "Update appguard.")


class Desk:
    """The approvals of a portal, asked as whoever signs in now. The token lives as long as this object."""

    def __init__(self, portal: str) -> None:
        """Sign in."""
        self._url = f"{portal}/api/approvals"
        self._token = id_token(portal)

    def inbox(self) -> Inbox:
        """What waits for me."""
        return Inbox.model_validate_json(ask(self._url, self._token))

    def named(self, request: str) -> str:
        """The reference of a request given by it, or by the first digits of one that waits for me."""
        if WHOLE.fullmatch(request):
            return request
        found = [each.approval_id for each in self.inbox().waiting if each.approval_id.startswith(request)]
        if len(found) > 1:
            raise Invalid("Several requests begin so", "Give more of the id.")
        if not found:
            raise NotFound("No request that waits for you begins so", "`appguard approve` lists them.")
        return found[0]

    def summary(self, ref: str) -> ApprovalSummary:
        """What the decision rests on."""
        return ApprovalSummary.model_validate_json(ask(f"{self._url}/{ref}", self._token))

    def decide(self, ref: str, decision: Decision) -> Heard:
        """Say it."""
        body = decision.model_dump_json().encode()
        return Heard.model_validate_json(ask(f"{self._url}/{ref}", self._token, body, JSON))


def _list(inbox: Inbox) -> None:
    for each in inbox.waiting:
        typer.echo(
            f"{each.approval_id[:SHOWN]}  {each.app_name} ({each.tier} risk), asked by {each.requester}"
        )
        typer.echo(
            f"{'':{SHOWN}}  decide until {each.expires_at:%Y-%m-%d %H:%M} UTC; needed: {_and(each.awaited)}"
        )
    if not inbox.waiting:
        typer.echo("Nothing waits for you.")


def _decide(desk: Desk, ref: str, verdict: Verdict, comment: str) -> None:
    summary = desk.summary(ref)
    for line in _told(summary):
        typer.echo(line)
    if summary.ended:
        raise Conflict(summary.ended.sentence, "There is nothing to decide any more.")
    if not comment and (verdict is Verdict.REFUSE or summary.accepts):
        comment = typer.prompt("Why")
    if not typer.confirm(f"{verdict.capitalize()} this version?"):
        raise typer.Exit(1)
    # The portal refuses once version or evidence are others than asked about, so what was shown is decided.
    heard = desk.decide(ref, Decision(verdict=verdict, comment=comment))
    typer.echo(
        f"Heard. It waits for {_and(heard.awaited)}." if heard.awaited else f"{heard.state.capitalize()}."
    )


def _told(summary: ApprovalSummary) -> Iterator[str]:
    """The summary as lines; each heading only where something stands below it."""
    yield summary.asks
    yield f"Owner: {summary.owner}. Version {summary.bundle_digest}"
    yield f"Decide until {summary.expires_at:%Y-%m-%d %H:%M} UTC"
    if summary.source:
        yield summary.source
    for heading, lines in (
        (f"Risk: {summary.tier}", summary.reasons),
        ("What changes", summary.changes),
        ("What it may do once it is approved", summary.may),
        (f"By approving you accept, for {summary.accepted_days} days", summary.accepts),
        ("Needed", summary.needed),
    ):
        if lines:
            yield f"\n{heading}"
            yield from (f"- {line}" for line in lines)
    yield f"\nAll evidence: {summary.link}\n"


def _and(names: tuple[str, ...]) -> str:
    return " and ".join(names)


def _stop(message: str, advice: str) -> NoReturn:
    typer.echo(f"appguard approve: {message}\n{advice}", err=True)
    raise typer.Exit(IMPOSSIBLE)
