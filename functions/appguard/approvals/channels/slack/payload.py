"""What Slack sends when somebody presses a button or confirms a dialog."""

from typing import Annotated, Any, Literal
from urllib.parse import parse_qs

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from appguard.kernel.errors import Invalid

LARGEST = 128 * 1024


class Part(BaseModel):
    """Base of what is read: the rest of Slack's payload is none of our business."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Id(Part):
    """Something Slack names by an id."""

    id: str = Field(min_length=1, max_length=64)


class Member(Id):
    """Who did it; `team_id` is another's in a channel shared with another company."""

    team_id: str


class Pressed(Part):
    """A button."""

    action_id: str
    value: str = ""


class Container(Part):
    """The message the button is in."""

    channel_id: str = ""


class Interaction(Part):
    """What all have. A `trigger_id` is of one interaction and no other."""

    team: Id
    user: Member
    trigger_id: str = Field(min_length=1, max_length=256)


class Press(Interaction):
    """Somebody pressed a button of a message."""

    type: Literal["block_actions"]
    actions: tuple[Pressed, ...]
    container: Container


class Values(Part):
    """What was filled in, by block and field."""

    values: dict[str, dict[str, dict[str, Any]]] = {}

    def text(self, name: str) -> str:
        """The text of the field that has the name of its block."""
        said = self.values.get(name, {}).get(name, {}).get("value")
        return said if isinstance(said, str) else ""


class View(Part):
    """A dialog."""

    callback_id: str
    private_metadata: str = Field(default="", max_length=3000)
    state: Values = Values()


class Submission(Interaction):
    """Somebody confirmed a dialog."""

    type: Literal["view_submission"]
    view: View


PAYLOAD: TypeAdapter[Press | Submission] = TypeAdapter(
    Annotated[Press | Submission, Field(discriminator="type")]
)


def read(body: str) -> Press | Submission:
    """The interaction in a form's field `payload`; raises `Invalid`."""
    if len(body) > LARGEST:
        raise Invalid("This is larger than any interaction")
    try:
        [payload] = parse_qs(body, strict_parsing=True, max_num_fields=8)["payload"]
        return PAYLOAD.validate_json(payload)
    except (ValidationError, ValueError, KeyError):
        raise Invalid("This is no interaction we asked for") from None
