"""The only door to data: the connector broker, called with the function's own role."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from aws_lambda_powertools import Logger
from pydantic import JsonValue, ValidationError

from appguard.kernel.errors import Unavailable
from appguard.runtime.fetch import Fetch, Reply, fetch
from appguard.runtime.pages import CommandCall, QueryCall
from appguard.runtime.refusal import NOT_GRANTED, BrokerRefused, Refusal
from appguard.runtime.rows import Rows
from appguard.runtime.signing import Sign, sign_as_this_function

logger = Logger(child=True)
SECONDS_TO_SAY_SO = 0.5
OK = 200
FORBIDDEN = 403
SERVER_ERRORS = 500


@dataclass(frozen=True)
class Broker:
    """Calls of one micro app, in the name of the person whose token comes along."""

    base_url: str
    sign: Sign = sign_as_this_function
    fetch: Fetch = fetch
    seconds: float = 15.0

    def within(self, seconds: float) -> Self:
        """The same, answering in time for a function that has so many seconds left."""
        return replace(self, seconds=min(self.seconds, max(0.5, seconds - SECONDS_TO_SAY_SO)))

    def query(self, call: QueryCall, parameters: Mapping[str, JsonValue], user_token: str) -> Rows:
        """The rows this person may see."""
        reply = self._post(f"{call.connector}/queries/{call.query}", {"parameters": parameters}, user_token)
        try:
            return Rows.model_validate_json(reply.body)
        except ValidationError as error:
            raise Unavailable("The data came back in a form this app cannot show.") from error

    def command(self, call: CommandCall, parameters: Mapping[str, JsonValue], user_token: str) -> None:
        """Do it, or raise `BrokerRefused`."""
        self._post(f"{call.connector}/commands/{call.command}", {"parameters": parameters}, user_token)

    def export(
        self,
        call: QueryCall,
        parameters: Mapping[str, JsonValue],
        form: str,
        purpose: str,
        user_token: str,
    ) -> Reply:
        """The rows as a file of the format `form`, or `BrokerRefused` where their class forbids that."""
        body = {"parameters": parameters, "format": form, "purpose": purpose}
        return self._post(f"{call.connector}/queries/{call.query}/export", body, user_token)

    def _post(self, path: str, document: Mapping[str, Any], user_token: str) -> Reply:
        url = f"{self.base_url.rstrip('/')}/connectors/{path}"
        body = json.dumps(document).encode()
        headers = {"content-type": "application/json", "x-appguard-user-token": user_token}
        reply = self.fetch(
            "POST",
            url,
            headers=self.sign("execute-api", "POST", url, headers, body),
            body=body,
            seconds=self.seconds,
        )
        if reply.status == OK:
            return reply
        logger.warning(
            "the broker said no",
            broker_path=path,
            broker_status=reply.status,
            broker_request=reply.headers.get("apigw-requestid", ""),
        )
        raise _refusal(reply)


def _refusal(reply: Reply) -> Exception:
    """Words meant for people are passed on; everything else stays inside."""
    words: Refusal | None
    try:
        words = Refusal.model_validate(json.loads(reply.body)["error"])
    except (ValueError, KeyError, TypeError):
        words = NOT_GRANTED if reply.status == FORBIDDEN else None  # the gateway's own 403 has no words
    if words is None or reply.status >= SERVER_ERRORS:
        return Unavailable("The data service could not answer.")
    return BrokerRefused(reply.status, words)
