"""Who signs in to a database, and with what: the content of a login's secret."""

import json
import secrets

from pydantic import BaseModel, ConfigDict, SecretStr


class Credentials(BaseModel):
    """Nothing of it is ever printed or logged."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    user: str
    password: SecretStr


def fresh(user: str) -> str:
    """The content of a secret for `user` with a password nobody has seen."""
    return json.dumps({"user": user, "password": secrets.token_urlsafe(32)})
