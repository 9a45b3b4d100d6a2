"""A person at a browser without JavaScript: signs in by OIDC, follows links, fills in forms."""

from typing import Self

import mechanicalsoup
from bs4 import BeautifulSoup, Tag
from requests import Response

from infra.local.story.teller import NotAsTold, check

TIMEOUT = 120


class Visitor:
    """One browser with its own cookies; `origin` is the portal's and the micro apps' address."""

    def __init__(self, origin: str) -> None:
        """Start with an empty cookie jar."""
        self.origin = origin.rstrip("/")
        self._browser = mechanicalsoup.StatefulBrowser(user_agent="appguard-story")

    @classmethod
    def signed_in(cls, origin: str, email: str) -> Self:
        """Come in through the identity provider, as `email`."""
        visitor = cls(origin)
        visitor.open("/sign-in")
        visitor._identify(email)
        return visitor

    def open(self, path: str) -> Response:
        """GET a page of our origin."""
        response: Response = self._browser.open(self._url(path), timeout=TIMEOUT)
        return response

    def enter(self, path: str, email: str) -> Response:
        """GET a page, signing in on the way where it asks for it."""
        response = self.open(path)
        if not response.url.startswith(self.origin):
            response = self._identify(email)
        return response

    @property
    def page(self) -> BeautifulSoup:
        """The page shown now."""
        page: BeautifulSoup | None = self._browser.page
        if page is None:
            raise NotAsTold("no page is shown")
        return page

    @property
    def text(self) -> str:
        """What a reader of the page sees, on one line."""
        return " ".join(self.page.get_text(" ").split())

    def fill(self, action: str, **values: str) -> Response:
        """Send the form whose action ends with `action`, changing only the given fields."""
        form = self._form(action)
        for name, value in values.items():
            button = form.form.find("button", {"name": name, "value": value})
            if button:
                form.choose_submit(button)
            else:
                form.set(name, value, force=True)
        response: Response = self._browser.submit_selected(timeout=TIMEOUT)
        return response

    def post(self, path: str, data: dict[str, str]) -> Response:
        """POST without a form of ours, as an attacker or a program would."""
        response: Response = self._browser.post(self._url(path), data=data, timeout=TIMEOUT)
        return response

    def has_form(self, action: str) -> bool:
        """Whether the page offers such a form."""
        return any(self._acts_on(form, action) for form in self.page.find_all("form"))

    def _form(self, action: str) -> mechanicalsoup.Form:
        for form in self.page.find_all("form"):
            if self._acts_on(form, action):
                return self._browser.select_form(form)
        raise NotAsTold(f"{self._browser.url} has no form {action}: {self.text[:300]}")

    @staticmethod
    def _acts_on(form: Tag, action: str) -> bool:
        return str(form.get("action") or "").split("?")[0].endswith(action)

    def _identify(self, email: str) -> Response:
        """Say who one is on the identity provider's page."""
        check(self.page.find("form"), f"the identity provider shows no form: {self.text[:200]}")
        response: Response = self._browser.post(self._browser.url, data={"sub": email}, timeout=TIMEOUT)
        check(response.ok, f"sign-in of {email} ended with {response.status_code}")
        landed: Response = self._browser.open(response.url, timeout=TIMEOUT)
        return landed

    def _url(self, path: str) -> str:
        return path if path.startswith("http") else f"{self.origin}{path}"
