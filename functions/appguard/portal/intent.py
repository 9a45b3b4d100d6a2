"""The one-page form: what a requester tells about an app before it exists."""

import re
from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError, field_validator

from appguard.apps.lifecycle import State
from appguard.apps.manifest import Audience, Criticality, Intent, Metadata
from appguard.apps.model import Risk
from appguard.apps.risk import of_intent, weigh
from appguard.kernel.errors import Invalid
from appguard.kernel.ids import AppId
from appguard.kernel.levels import DataClass
from appguard.kernel.phrase import Phrase as _

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
Purpose = Annotated[str, StringConstraints(strip_whitespace=True, min_length=10, max_length=500)]

ADVICE = {
    "name": _("Give it a name of at most 80 characters, e.g. Leave request."),
    "app_id": _("Use 3 to 40 lower-case letters, digits and hyphens, starting with a letter."),
    "team": _("Say which team answers for it, e.g. People Operations."),
    "purpose": _("Say in one or two sentences (10 to 500 characters) what it is for."),
    "users": _("Choose who will use it."),
    "data_class": _("Choose the most sensitive data it will touch."),
    "criticality": _("Choose what happens when it is down."),
    "template": _("Choose where to start from."),
}


class IntentForm(BaseModel):
    """A filled-in form."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    name: Line
    app_id: AppId
    team: Line
    purpose: Purpose
    users: Audience
    data_class: DataClass
    criticality: Criticality
    template: Line

    @field_validator("name", "team", "purpose")
    @classmethod
    def _printable(cls, text: str) -> str:
        if not all(char.isprintable() or char in "\r\n" for char in text):
            raise ValueError("control characters are not text")
        return " ".join(text.split())

    def metadata(self, owner_email: str) -> Metadata:
        """Who and what, for the manifest."""
        about = {"id": self.app_id, "name": self.name, "description": self.purpose, "team": self.team}
        return Metadata.model_validate(about | {"owner": owner_email})

    def intent(self) -> Intent:
        """Why, for whom and with what data, for the manifest."""
        return Intent(
            purpose=self.purpose, users=self.users, data_class=self.data_class, criticality=self.criticality
        )


class FormProblems(Invalid):
    """Some fields need another look; `by_field` says which and why."""

    def __init__(self, by_field: Mapping[str, str]) -> None:
        """Keep the advice for each field."""
        super().__init__(f"Please look again at: {', '.join(by_field)}")
        self.by_field = by_field


def read(form: Mapping[str, str]) -> IntentForm:
    """The form as a value; raises `FormProblems`. Without an address the name makes one."""
    given = dict(form) | {"app_id": form.get("app_id", "").strip() or slug(form.get("name", ""))}
    try:
        return IntentForm.model_validate(given)
    except ValidationError as error:
        fields = dict.fromkeys(str(problem["loc"][0]) for problem in error.errors())
        raise FormProblems({name: ADVICE[name] for name in fields}) from None


def slug(name: str) -> str:
    """An address from a name: `Leave request (HR)` becomes `leave-request-hr`."""
    return re.sub(r"[^a-z0-9]+", "-", name.casefold()).lstrip("-0123456789")[:40].rstrip("-")


def risk_so_far(form: Mapping[str, str]) -> Risk | None:
    """The tier of what is chosen up to now; None while one of the three choices is open."""
    try:
        intent = Intent(
            purpose="not needed to tell the risk",
            users=Audience(form.get("users", "")),
            data_class=DataClass(form.get("data_class", "")),
            criticality=Criticality(form.get("criticality", "")),
        )
    except ValueError:
        return None
    return weigh(of_intent(intent))


EDITABLE = frozenset({State.DRAFT, State.REFUSED, State.ACTIVE})
"""States in which an owner may work on a draft."""
