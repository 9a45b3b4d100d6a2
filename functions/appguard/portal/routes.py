"""Every address of the portal, who may come in, and which view answers.

Views are named `module:function` and imported on the first request that needs them.
"""

from collections.abc import Set
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol, cast

from appguard.kernel.event import Role
from appguard.portal.access import (
    ANSWERERS,
    BUILDERS,
    DECIDERS,
    EDITORS,
    EVERYONE,
    EXAMINERS,
    KEEPERS,
    LENDERS,
    LOCKERS,
    OVERSEERS,
    RECERTIFIERS,
    RELEASERS,
    RETIRERS,
    SEARCHERS,
    STEWARDS,
    SUSPENDERS,
    TRANSFERRERS,
)
from appguard.portal.http import Reply, Request


class View(Protocol):
    """Answers a request that has passed the guard."""

    def __call__(self, request: Request) -> Reply:
        """The reply; raises an `AppGuardError` for anything the person should be told."""


@dataclass(frozen=True)
class Route:
    """One address; with no `roles` anybody may come, signed in or not.

    Those with `bearer` show an ID token with each request, and no cookie counts: programs come here.
    """

    method: str
    path: str
    roles: Set[Role] | None
    view: str
    bearer: bool = False

    def load(self) -> View:
        """The view, imported now if it was not yet."""
        module, _, name = self.view.partition(":")
        return cast("View", getattr(import_module(f"appguard.portal.views.{module}"), name))


ANYBODY = None

ROUTES = (
    Route("GET", "/healthz", ANYBODY, "static:healthz"),
    Route("GET", "/static/<name>", ANYBODY, "static:show"),
    Route("GET", "/sign-in", ANYBODY, "sign_in:leave"),
    Route("GET", "/callback", ANYBODY, "sign_in:return_"),
    Route("GET", "/signed-out", ANYBODY, "sign_in:signed_out"),
    Route("POST", "/sign-out", ANYBODY, "sign_in:sign_out"),
    Route("GET", "/session", EVERYONE, "session:show"),
    Route("GET", "/account", EVERYONE, "account:show"),
    Route("POST", "/account/sign-out-everywhere", EVERYONE, "account:sign_out_everywhere"),
    Route("POST", "/account/sessions/<session_id>/end", EVERYONE, "account:end"),
    Route("POST", "/preferences", EVERYONE, "preferences:save"),
    Route("GET", "/", EVERYONE, "home:show"),
    Route("GET", "/help", EVERYONE, "help:show"),
    Route("GET", "/help/<name>", EVERYONE, "help:read"),
    Route("GET", "/catalog", EVERYONE, "catalog:show"),
    Route("GET", "/connectors", EVERYONE, "connectors:browse"),
    Route("GET", "/connectors/<name>", EVERYONE, "connectors:show"),
    Route("POST", "/connectors/<name>/ask", BUILDERS, "connectors:ask"),
    Route("POST", "/access/<request_id>", LENDERS, "connectors:answer"),
    Route("GET", "/templates", EVERYONE, "templates:browse"),
    Route("GET", "/templates/<name>", EVERYONE, "templates:show"),
    Route("GET", "/new", BUILDERS, "new_app:show"),
    Route("POST", "/new", BUILDERS, "new_app:create"),
    Route("POST", "/guide", BUILDERS, "guide:choose"),
    Route("POST", "/api/risk", BUILDERS, "new_app:risk"),
    Route("GET", "/my/<app_id>", EVERYONE, "app:show"),
    Route("GET", "/my/<app_id>/progress", EVERYONE, "app:progress"),
    Route("GET", "/my/<app_id>/sbom", EVERYONE, "app:sbom"),
    Route("GET", "/my/<app_id>/attestation", EVERYONE, "app:attestation"),
    Route("POST", "/my/<app_id>/submit", BUILDERS, "app:submit"),
    Route("POST", "/my/<app_id>/withdraw", BUILDERS, "withdraw:withdraw"),
    Route("POST", "/my/<app_id>/repository", BUILDERS, "repository:link"),
    Route("POST", "/my/<app_id>/repository/unlink", BUILDERS, "repository:unlink"),
    *(
        route
        for act, others in (
            ("suspend", SUSPENDERS),
            ("recertify", RECERTIFIERS),
            ("transfer", TRANSFERRERS),
            ("retire", RETIRERS),
        )
        for route in (
            Route("GET", f"/my/<app_id>/{act}", BUILDERS | others, "lifecycle:ask"),
            Route("POST", f"/my/<app_id>/{act}", BUILDERS | others, f"lifecycle:{act}"),
        )
    ),
    Route("GET", "/my/<app_id>/lock", LOCKERS, "lifecycle:ask"),
    Route("POST", "/my/<app_id>/lock", LOCKERS, "lifecycle:lock"),
    Route("GET", "/my/<app_id>/release", RELEASERS, "lifecycle:ask"),
    Route("POST", "/my/<app_id>/release", RELEASERS, "lifecycle:release"),
    Route("POST", "/my/<app_id>/transfer/withdraw", BUILDERS | TRANSFERRERS, "lifecycle:withdraw"),
    Route("GET", "/my/<app_id>/offer", BUILDERS, "offers:show"),
    Route("POST", "/my/<app_id>/offer", BUILDERS, "offers:answer"),
    Route("GET", "/my/<app_id>/edit", EDITORS, "editor:show"),
    Route("POST", "/my/<app_id>/edit", EDITORS, "editor:save"),
    Route("POST", "/my/<app_id>/edit/change", EDITORS, "editor:change"),
    Route("POST", "/my/<app_id>/edit/enter", EDITORS, "editor:enter"),
    Route("POST", "/my/<app_id>/check", EDITORS, "editor:check"),
    Route("POST", "/my/<app_id>/fix", EDITORS, "editor:mend"),
    Route("POST", "/my/<app_id>/fix/saved", EDITORS, "editor:complete"),
    Route("GET", "/my/<app_id>/preview/<page_id>", EDITORS, "preview:show"),
    Route("POST", "/my/<app_id>/preview/<page_id>", EDITORS, "preview:show"),
    Route("GET", "/my/<app_id>/preview/<page_id>/frame", EDITORS, "preview:frame"),
    Route("POST", "/my/<app_id>/preview/<page_id>/frame", EDITORS, "preview:as_typed"),
    Route("GET", "/my/<app_id>/versions", EVERYONE, "versions:show"),
    Route("GET", "/my/<app_id>/versions/compare", EVERYONE, "versions:compare"),
    Route("POST", "/my/<app_id>/versions/restore", EDITORS, "versions:restore"),
    Route("GET", "/exceptions", OVERSEERS, "exceptions:show"),
    # As with approvals, who may do what is for `approvals` to say, which records what it refuses.
    Route("POST", "/exceptions/<exception_id>/renew", OVERSEERS, "exceptions:renew"),
    Route("POST", "/exceptions/<exception_id>/revoke", OVERSEERS, "exceptions:revoke"),
    Route("GET", "/exports/allow", EVERYONE, "exports:show"),
    Route("POST", "/exports/allow", EVERYONE, "exports:allow"),
    Route("GET", "/persons", ANSWERERS, "persons:show"),
    Route("POST", "/persons", ANSWERERS, "persons:answer"),
    Route("POST", "/persons/decide", ANSWERERS, "persons:decide"),
    Route("GET", "/reports", EXAMINERS, "reports:list_all"),
    Route("POST", "/reports", EXAMINERS, "reports:order"),
    Route("GET", "/reports/link/<token>", EXAMINERS, "reports:follow"),
    Route("GET", "/reports/<report_id>", EXAMINERS, "reports:show"),
    Route("GET", "/reports/<report_id>/file", EXAMINERS, "reports:fetch"),
    Route("GET", "/dashboard", SEARCHERS, "dashboard:show"),
    Route("GET", "/dashboard/figures.csv", SEARCHERS, "dashboard:export"),
    Route("GET", "/audit", SEARCHERS, "audit:search"),
    Route("GET", "/audit/<log>/<number>", SEARCHERS, "audit:show"),
    Route("GET", "/audit/<log>/<number>/proof", SEARCHERS, "audit:proof"),
    Route("GET", "/secrets", KEEPERS, "secrets:show"),
    Route("GET", "/policies", EVERYONE, "policies:show"),
    Route("GET", "/policies/impact", STEWARDS, "policies:impact"),
    Route("POST", "/policies/impact", STEWARDS, "policies:decide"),
    Route("POST", "/policies/impact/compare", STEWARDS, "policies:compare"),
    Route("GET", "/approvals", DECIDERS, "approvals:inbox"),
    Route("POST", "/delegation", DECIDERS, "delegation:name"),
    Route("POST", "/delegation/end", DECIDERS, "delegation:take_back"),
    Route("GET", "/approvals/<locator>", EVERYONE, "approvals:show"),
    Route("GET", "/approvals/<locator>/seats", EVERYONE, "approvals:seats"),
    # Who may decide is for `approvals` to say, which records each attempt it refuses.
    Route("POST", "/approvals/<locator>", EVERYONE, "approvals:decide"),
    Route("GET", "/api/sign-in", ANYBODY, "api:sign_in"),
    Route("GET", "/api/openapi.json", ANYBODY, "api:openapi"),
    Route("GET", "/api/approvals", DECIDERS, "api:inbox", bearer=True),
    Route("GET", "/api/approvals/<locator>", EVERYONE, "api:show", bearer=True),
    Route("POST", "/api/approvals/<locator>", EVERYONE, "api:decide", bearer=True),
)
