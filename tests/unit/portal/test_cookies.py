from appguard.portal.cookies import SESSION, name_of
from appguard.portal.settings import settings
from tests.unit.portal.world import Browser


def test_over_tls_cookies_are_bound_to_the_host(portal, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setenv("PORTAL_URL", "https://appguard.example.com")
        settings.cache_clear()
        assert name_of(SESSION) == "__Host-appguard_session"
        lines = (
            Browser().post("/sign-out").cookies + Browser({"__Host-appguard_session": "x"}).get("/").cookies
        )
        assert all("Secure" in line and "Domain" not in line for line in lines)
        assert lines
    settings.cache_clear()
