from appguard.portal.cookies import SESSION, name_of
from tests.unit.portal.world import Browser, world


def test_over_tls_cookies_are_bound_to_the_host():
    with world(PORTAL_URL="https://appguard.example.com", OIDC_ISSUER="https://id.example.com"):
        assert name_of(SESSION) == "__Host-appguard_session"
        lines = (
            Browser().post("/sign-out").cookies + Browser({"__Host-appguard_session": "x"}).get("/").cookies
        )
        assert all("Secure" in line and "Domain" not in line for line in lines)
        assert lines
