"""A micro app with an identity provider and a broker that answer in memory; all cryptography is real."""

import json
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from appguard.kernel.ids import AppId
from appguard.kernel.oidc.code_flow import challenge
from appguard.kernel.oidc.http import Declined
from appguard.kernel.oidc.issuer import Issuer
from appguard.runtime.broker_client import Broker
from appguard.runtime.fetch import Reply
from appguard.runtime.model import MicroApp
from appguard.runtime.sealing import Sealer
from appguard.runtime.session import Cookies
from appguard.runtime.settings import RuntimeSettings
from appguard.runtime.site import Site
from appguard.runtime.sso import SignIn
from appguard.runtime.web import Request, Response
from tests.browser.micro_app import APP, BLOCKED, TEAM

ISSUER = "https://login.example.com"
NOW = 1_780_000_000.0
SETTINGS = RuntimeSettings(
    APP_ID=AppId("leave-request"),
    APP_URL="https://apps.example.com/apps/leave-request/",
    CONNECTORS_URL="https://connectors.example.com",
    OIDC_ISSUER=ISSUER,
    OIDC_CLIENT_ID="appguard",
    SESSION_SECRET="appguard/apps/leave-request",
)
GOOD = {
    "leave_type": "annual",
    "first_day": "2026-08-10",
    "last_day": "2026-08-14",
    "agreed": "yes",
}


@cache
def signing_key(name: str = "one") -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": name})


@dataclass
class Secret:
    """The app's secret; `later` is what the next reading finds."""

    current: tuple[str, ...] = ("s" * 40,)
    later: tuple[str, ...] | None = None

    def keys(self) -> tuple[str, ...]:
        return self.current

    def reread(self) -> bool:
        changed = self.later is not None
        self.current, self.later = self.later or self.current, None
        return changed


@dataclass
class IdentityProvider:
    """Answers like a provider; claims and key can be bent to see what the runtime refuses."""

    claims: dict[str, Any] = field(default_factory=dict)
    signer: RSAKey = field(default_factory=signing_key)
    published: list[RSAKey] = field(default_factory=lambda: [signing_key()])
    header: dict[str, Any] = field(default_factory=dict)
    issuer: str = ISSUER
    nonce: str = ""
    challenge: str = ""
    asked: list[str] = field(default_factory=list)

    def authorize(self, url: str) -> dict[str, str]:
        """What the person's browser brings back after signing in."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        self.nonce, self.challenge = query["nonce"], query["code_challenge"]
        return {"code": "the-code", "state": query["state"]}

    def __call__(self, url: str, form: bytes | None = None) -> bytes:
        self.asked.append(url)
        path = urlsplit(url).path
        if path == "/.well-known/openid-configuration":
            return _json(
                issuer=self.issuer,
                authorization_endpoint=f"{ISSUER}/authorize",
                token_endpoint=f"{ISSUER}/token",
                jwks_uri=f"{ISSUER}/jwks",
            )
        if path == "/jwks":
            return _json(**KeySet(list(self.published)).as_dict())
        sent = dict(parse_qsl((form or b"").decode()))
        if sent["code"] != "the-code" or challenge(sent["code_verifier"]) != self.challenge:
            raise Declined
        return _json(id_token=self.token())

    def token(self, **claims: Any) -> str:
        standard = {
            "iss": ISSUER,
            "aud": "appguard",
            "sub": "ana@example.com",
            "email": "ana@example.com",
            "email_verified": True,
            "name": "Ana Ruiz",
            "iat": int(NOW),
            "exp": int(NOW) + 3600,
            "nonce": self.nonce,
        }
        header = {"alg": "RS256", "kid": self.signer.kid, **self.header}
        merged = {**standard, **self.claims, **claims}
        kept = {name: value for name, value in merged.items() if value is not None}
        return jwt.encode(header, kept, self.signer, ["RS256", "RS512"])


@dataclass
class BrokerAnswers:
    """Stands where the broker stands and remembers what it was asked."""

    answers: dict[str, Reply] = field(default_factory=dict)
    calls: list[tuple[str, dict[str, Any], dict[str, str]]] = field(default_factory=list)

    def __call__(
        self, method: str, url: str, *, headers: Any = None, body: bytes | None = None, **_: Any
    ) -> Reply:
        path = url.removeprefix("https://connectors.example.com/connectors/")
        self.calls.append((path, json.loads(body or b"{}"), dict(headers)))
        return self.answers[path]


def unsigned(_service: str, _method: str, _url: str, headers: Any, _body: bytes) -> dict[str, str]:
    return dict(headers)


def _reply(status: int = 200, **document: Any) -> Reply:
    return Reply(status, {}, _json(**document))


def _json(**document: Any) -> bytes:
    return json.dumps(document).encode()


@dataclass
class World:
    """The app, its neighbours, and a browser that keeps cookies."""

    provider: IdentityProvider = field(default_factory=IdentityProvider)
    broker: BrokerAnswers = field(
        default_factory=lambda: BrokerAnswers(
            {
                "hr-db/commands/request_leave": _reply(affected=1),
                "hr-db/queries/team_calendar": _reply(**TEAM),
                "hr-db/queries/team_calendar/export": _reply(403, **BLOCKED),
                "hr-db/queries/my_leave_balance": _reply(columns=[{"name": "days"}], rows=[]),
            }
        )
    )
    secret: Secret = field(default_factory=Secret)
    now: float = NOW
    jar: dict[str, str] = field(default_factory=dict)
    definition: dict[str, Any] = field(default_factory=lambda: APP)

    def __post_init__(self) -> None:
        sealer = Sealer(SETTINGS.app_id, self.secret, lambda: self.now)
        self.cookies = Cookies(SETTINGS, sealer)
        sign_in = SignIn(Issuer(ISSUER, self.provider, lambda: self.now), "appguard", self.cookies)
        broker = Broker(SETTINGS.connectors_url, unsigned, self.broker)
        self.site = Site(MicroApp.model_validate(self.definition), sign_in, broker)

    def ask(self, method: str, path: str, form: dict[str, str] | None = None, **headers: str) -> Response:
        """One request of the browser; `path` may carry a query."""
        address = urlsplit(path)
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        response = self.site.respond(
            Request(
                method,
                address.path,
                dict(parse_qsl(address.query)),
                names,
                dict(self.jar),
                urlencode(form or {}).encode(),
                trace_id="1-abc",
            )
        )
        self._keep(response)
        return response

    def get(self, path: str) -> Response:
        return self.ask("GET", path)

    def post(self, path: str, form: dict[str, str], **headers: str) -> Response:
        """Send a form as our own page would."""
        facts = self.site.sign_in.cookies.get(Request("GET", "/", cookies=self.jar), "session") or {}
        return self.ask("POST", path, {"_csrf": facts.get("csrf", ""), **form}, **headers)

    def sign_in(self, path: str = "/") -> Response:
        """Be sent to the provider from `path`, sign in there, come back."""
        sent = self.get(path)
        return self.get("/callback?" + urlencode(self.provider.authorize(sent.headers["location"])))

    def _keep(self, response: Response) -> None:
        for line in response.cookies:
            name, _, rest = line.partition("=")
            value = rest.partition(";")[0]
            if value:
                self.jar[name] = value
            else:
                self.jar.pop(name, None)
