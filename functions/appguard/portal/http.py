"""What a view receives and what it returns, free of the gateway's event format."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Self
from urllib.parse import urlencode

from appguard.kernel.clock import utc_now
from appguard.kernel.errors import Invalid
from appguard.kernel.event import Actor, Role
from appguard.kernel.person import Person
from appguard.portal.cookies import Cookie
from appguard.portal.model import Session, SignedIn
from appguard.portal.reader import Reader

PROGRAMS = ("/api/approvals", "/api/sign-in", "/api/openapi.json")
"""Below these only programs ask, whatever they say they accept."""


@dataclass(frozen=True)
class Request:
    """One HTTP request; `session` is there once a browser is signed in, `bearer` once a command is."""

    method: str
    path: str
    route: str = ""
    params: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: Mapping[str, str] = field(default_factory=dict)
    session: Session | None = None
    bearer: SignedIn | None = None
    roles: frozenset[Role] = frozenset()

    @property
    def own_session(self) -> Session:
        """The session of who asks; only for routes that need a role, and for what changes something."""
        assert self.session is not None, "routes without a role have no session"  # noqa: S101
        return self.session

    @property
    def who(self) -> SignedIn | None:
        """Who asks, however they have shown it; nobody if they have not."""
        return self.bearer or self.session

    @property
    def person(self) -> Person:
        """Who asks; only where somebody does."""
        return (self.bearer or self.own_session).person

    @property
    def fresh(self) -> bool:
        """Whether the person signed in just now, as decisions demand."""
        return self.who is not None and self.who.fresh(utc_now())

    @property
    def partial(self) -> bool:
        """Whether htmx asks for a piece of a page."""
        return self.headers.get("hx-request") == "true"

    @property
    def wants_json(self) -> bool:
        """Whether a program asks."""
        return "application/json" in self.headers.get("accept", "") or self.path.startswith(PROGRAMS)

    @cached_property
    def reader(self) -> Reader:
        """How this person wants to be spoken to."""
        return Reader.of(self.cookies, self.headers.get("accept-language", ""))

    def is_any(self, roles: Set[Role]) -> bool:
        """Whether the person has at least one of `roles`."""
        return bool(self.roles & roles)

    def acting_as(self, *preferred: Role) -> Actor:
        """The person as an actor, in the first of the preferred roles they have."""
        role = next((role for role in preferred if role in self.roles), Role.EMPLOYEE)
        return self.person.acting_as(role)

    def field(self, name: str, limit: int = 2_000) -> str:
        """A form field, stripped; raises `Invalid` above `limit` characters."""
        value = self.form.get(name, "").strip()
        if len(value) > limit:
            raise Invalid(f"{name} is longer than {limit} characters")
        return value


@dataclass(frozen=True)
class Reply:
    """One HTTP response."""

    body: str | bytes = ""
    status: int = 200
    content_type: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: tuple[Cookie, ...] = ()

    def with_headers(self, headers: Mapping[str, str]) -> Self:
        """The same reply; its own headers win over the added ones."""
        return replace(self, headers={**headers, **self.headers})

    def with_cookies(self, *cookies: Cookie) -> Self:
        """The same reply, setting these cookies too."""
        return replace(self, cookies=self.cookies + cookies)


def redirect(path: str, **query: str) -> Reply:
    """Send the browser to `path` by GET (303), as after every successful POST."""
    location = f"{path}?{urlencode(query)}" if query else path
    return Reply(status=303, headers={"location": location})


def safe_return(path: str) -> str:
    """`path` if it is a plain path of this portal, else the home page: no open redirect.

    Browsers read a backslash like a slash and drop tabs and newlines, hence the strict alphabet.
    """
    local = path.startswith("/") and not path.startswith(("//", "/apps/", "/sign-", "/callback"))
    plain = all(char.isascii() and (char.isalnum() or char in "/-_.~?=&%") for char in path)
    return path if local and plain and len(path) <= 512 else "/"  # noqa: PLR2004
