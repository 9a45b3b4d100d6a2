"""The portal as browser tests see it: served with everything behind it, and tabs to look at it from."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from appguard.audit.canonical import canonical
from appguard.kernel.person import Person
from appguard.portal.views import audit, dashboard, preview
from appguard.runtime.preview import render
from tests.browser.identity_provider import provider
from tests.browser.portal_server import listening
from tests.support.searching import SearchFunction
from tests.unit.portal.views.test_audit import EVENTS
from tests.unit.portal.world import Browser as Visitor
from tests.unit.portal.world import emptied, world


@pytest.fixture(scope="module")
def ledger(written: Callable[..., Path]) -> Path:
    """What the auditor searches."""
    return written({"3y": [30]}, entry=lambda n: canonical(EVENTS[n]))


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory, ledger: Path) -> Iterator[str]:
    """The handler behind a gateway, moto behind the handler, a strict identity provider beside it."""
    key = tmp_path_factory.mktemp("issuer") / "key.pem"
    with (
        pytest.MonkeyPatch.context() as patch,
        listening() as origin,
        provider(origin, key) as issuer,
        world(PORTAL_URL=origin, APPS_URL=origin, OIDC_ISSUER=issuer),
    ):
        patch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
        patch.setattr(preview, "_sandbox", lambda event: render(event, None))
        patch.setattr(dashboard, "client_here", lambda: SearchFunction(ledger))
        patch.setattr(audit, "client_here", lambda: SearchFunction(ledger))
        yield origin


@pytest.fixture
def clean(portal: str) -> Iterator[None]:
    """No rows of an earlier test."""
    yield
    emptied()


@contextmanager
def tab(chromium: Browser, **options: object) -> Iterator[Page]:
    """A browser's only tab, closed afterwards."""
    context = chromium.new_context(**options)  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(20_000)
    yield page
    context.close()


def signed(page: Page, portal: str, person: Person) -> None:
    """Sign `person` in, without the identity provider."""
    cookies = Visitor.of(person).cookies.items()
    page.context.add_cookies([{"name": name, "value": value, "url": portal} for name, value in cookies])
