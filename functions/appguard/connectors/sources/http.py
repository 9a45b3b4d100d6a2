"""An API as a source: one server, declared requests, answers read by declared paths."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal

from appguard.connectors.credentials import HttpCredentials
from appguard.connectors.errors import NothingChanged, OutcomeUnknown, RefusedBySource, SourceFailed
from appguard.connectors.kinds.http import HttpCommand, HttpConnector, HttpQuery
from appguard.connectors.kinds.values import resolved
from appguard.connectors.parameters import Bound
from appguard.connectors.rules import Limits
from appguard.connectors.source import Identity, Result
from appguard.connectors.sources import documents
from appguard.connectors.sources.egress import address_of
from appguard.connectors.sources.exchange import Request, Server, exchange
from appguard.kernel.errors import AppGuardError, Unavailable
from appguard.kernel.strict_json import parse

OK, NOT_FOUND, GONE, TOO_MANY, SERVER_ERROR, AWAY = 200, 404, 410, 429, 500, 503
HTTPS = 443


class HttpSource:
    """The server of one connector, asked with the credentials of its secret."""

    def __init__(self, connector: HttpConnector, credentials: Callable[[], HttpCredentials]) -> None:
        """`credentials` are read for each request, so that rotated ones are found."""
        self._connector, self._credentials = connector, credentials

    @property
    def key(self) -> bytes:
        """The key of this source's digests and hash masks."""
        return self._credentials().key

    def read(self, query: HttpQuery, bound: Mapping[str, Bound], who: Identity, limits: Limits) -> Result:
        """The rows of the answer to a GET."""
        base = self._connector.address.path
        asked = documents.target(base, query, lambda value: resolved(value, bound, who))
        status, content = self._exchange("GET", asked, None, limits)
        if status == NOT_FOUND and query.none_on_404:
            return Result(query.result_columns, [])
        if status != OK:
            raise _unanswered(status)
        try:
            document = parse(content, Decimal)
        except ValueError:
            raise SourceFailed("the source did not answer in JSON") from None
        return Result(query.result_columns, documents.rows(query, document, limits.rows + 1))

    @contextmanager
    def write(
        self, command: HttpCommand, bound: Mapping[str, Bound], who: Identity, limits: Limits
    ) -> Iterator[int]:
        """One request, when the block has ended well; it is never sent twice."""
        base = self._connector.address.path
        asked = documents.target(base, command, lambda value: resolved(value, bound, who))
        said = documents.body(command, lambda value: resolved(value, bound, who))
        yield 1
        status, _ = self._exchange(command.method, asked, said, limits)
        if not OK <= status < OK + 100:
            raise _refused(status, command)

    def _exchange(self, method: str, target: str, body: bytes | None, limits: Limits) -> tuple[int, bytes]:
        known, address = self._credentials(), self._connector.address
        host, port = str(address.hostname), address.port or HTTPS
        checked = address_of(host, port, private=self._connector.private)
        headers = {"accept": "application/json", "user-agent": "appguard"}
        if body is not None:
            headers["content-type"] = "application/json"
        headers |= {name: secret.get_secret_value() for name, secret in known.headers.items()}
        return exchange(
            Server(host, port, checked, known.ca),
            Request(method, target, headers, body),
            limits.timeout_ms / 1000,
            self._connector.response_bytes,
        )


def _unanswered(status: int) -> AppGuardError:
    """Why a server did not give what was asked."""
    if status == TOO_MANY or status >= SERVER_ERROR:
        return Unavailable("the source does not answer")
    return SourceFailed("the source refused the request")


def _refused(status: int, command: HttpCommand) -> AppGuardError:
    """Why a server did not make a change; after a fault of its own it may have made it."""
    if status in command.refusals:
        return RefusedBySource(command.refusals[status])
    if status in {NOT_FOUND, GONE}:
        return NothingChanged("there was nothing to change")
    if status >= SERVER_ERROR and status != AWAY:
        return OutcomeUnknown("the source failed")
    return _unanswered(status)
