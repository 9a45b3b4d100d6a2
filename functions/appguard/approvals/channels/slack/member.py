"""Who pressed a button: a member of our workspace whom Slack and our own directory know by one address."""

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from appguard.approvals.channels.slack.errors import NotAMember, OtherWorkspace, PersonUnknown
from appguard.approvals.channels.slack.payload import Member
from appguard.kernel.person import Person

Directory = Callable[[str], Person | None]
"""An active person by their e-mail address."""


class Profile(BaseModel):
    """The part of a profile we rely on; the workspace's settings keep members from changing it."""

    model_config = ConfigDict(frozen=True)

    email: str


class User(BaseModel):
    """What `users.info` says. What it leaves out of these is no reason to believe anything."""

    model_config = ConfigDict(frozen=True)

    id: str
    team_id: str
    deleted: bool
    is_bot: bool
    is_restricted: bool
    is_ultra_restricted: bool
    is_email_confirmed: bool
    is_stranger: bool = False
    is_workflow_bot: bool = False
    is_invited_user: bool = False
    profile: Profile

    @property
    def is_member(self) -> bool:
        """Neither guest nor bot nor gone nor of another company, with an address Slack has seen answered."""
        guest = self.is_restricted or self.is_ultra_restricted or self.is_stranger or self.is_invited_user
        bot = self.is_bot or self.is_workflow_bot
        return self.is_email_confirmed and not (self.deleted or guest or bot)


def person_of(said: Mapping[str, Any] | None, who: Member, team_id: str, people: Directory) -> Person:
    """The person behind a user; raises `NotAMember`, `OtherWorkspace` or `PersonUnknown`."""
    try:
        user = User.model_validate(said)
    except ValidationError:
        raise NotAMember("Slack does not say enough about your account") from None
    if {user.team_id, who.team_id} != {team_id}:
        raise OtherWorkspace("Your account belongs to another workspace")
    if user.id != who.id or not user.is_member:
        raise NotAMember("Only full members with a confirmed address decide from Slack")
    person = people(user.profile.email.lower())
    if person is None:
        raise PersonUnknown("Nobody with the address of your Slack account is known here")
    return person
