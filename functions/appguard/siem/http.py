"""One POST to a SIEM, and what its status says."""

from collections.abc import Mapping

from appguard.kernel import outgoing
from appguard.kernel.outgoing import OK, NotAnswered, Reply
from appguard.siem.errors import Away, Indigestible, Refused

TOO_LARGE, TOO_MANY, SERVER_ERROR = 413, 429, 500
TIMED_OUT = 408


class Endpoint(outgoing.Endpoint):
    """A SIEM's address, and what to show it."""

    who = "the SIEM"

    def post(self, path: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        """Send; raises `Away` where no whole answer in JSON came: nobody knows then what arrived."""
        try:
            return super().post(path, body, headers)
        except NotAnswered as error:
            raise Away(error.message) from None


def usual(reply: Reply) -> Reply:
    """The reply where a protocol goes on in words (200 and 400); else its status says what to raise."""
    if reply.status >= SERVER_ERROR or reply.status in {TOO_MANY, TIMED_OUT}:
        raise Away(f"the SIEM answers {reply.status}", reply.retry_after)
    if reply.status == TOO_LARGE:
        raise Indigestible("too_large")
    if reply.status not in {OK, 400}:
        raise Refused(f"the SIEM answers {reply.status}")
    return reply
