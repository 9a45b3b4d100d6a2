"""What becomes of an approval when somebody speaks: a pure function of it and the voice."""

from appguard.approvals.errors import AlreadySpoken, SeatsTaken
from appguard.approvals.model import ApprovalBase, Decided, Verdict, Voice, Waiting, becoming
from appguard.approvals.seats import missing, taken
from appguard.kernel.event import Role
from appguard.kernel.phrase import Phrase as _

SEAT_NAMES = {
    Role.REVIEWER: _("a reviewer"),
    Role.DATA_OWNER: _("a data owner"),
    Role.SECURITY: _("security"),
}


def spoken(waiting: Waiting, voice: Voice) -> Waiting | Decided:
    """The approval after `voice`: a refusal ends it, the last seat taken decides it, else it waits on.

    Raises `AlreadySpoken` or `SeatsTaken` for a yes that changes nothing.
    """
    heard = (*waiting.voices, voice)
    if voice.verdict is Verdict.REFUSE:
        return becoming(Decided, waiting, state="refused", voices=heard)
    if said := next((each for each in waiting.voices if voice.by in each.people), None):
        who = "you have" if said.by == voice.by else f"{said.by} has, for you,"
        raise AlreadySpoken(f"{who} approved this already; it waits for {waits_for(waiting)}")
    if not would_sit(waiting, voice):
        raise SeatsTaken(f"your seat is taken; it waits for {waits_for(waiting)}")
    if missing(waiting.seats, heard):
        return waiting.model_copy(update={"voices": heard})
    return becoming(Decided, waiting, state="approved", voices=heard)


def would_sit(waiting: Waiting, voice: Voice) -> bool:
    """Whether a yes of this person takes a seat that nobody has taken yet."""
    heard = (*waiting.voices, voice)
    return len(taken(waiting.seats, heard)) > len(taken(waiting.seats, waiting.voices))


def waits_for(approval: ApprovalBase) -> str:
    """Whose word is still needed: `a data owner and security`."""
    return " and ".join(awaited(approval))


def awaited(approval: ApprovalBase) -> list[str]:
    """The same as phrases, for whoever shows them in another language."""
    return [SEAT_NAMES[role] for role in missing(approval.seats, approval.voices)]
