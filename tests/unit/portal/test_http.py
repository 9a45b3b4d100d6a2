import pytest

from appguard.portal.http import safe_return


@pytest.mark.parametrize(
    "path", ["/", "/my/leave-request", "/approvals/abc_DEF-1", "/catalog?q=leave&state=active"]
)
def test_a_path_of_the_portal_is_where_one_returns_to(path):
    assert safe_return(path) == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/%0d%0aset-cookie:x",
        "/apps/leave-request/",
        "/sign-out",
        "/sign-in?next=/",
        "/callback?code=x",
        "/ä",
        "/@evil.example:80//",
        "/" + "a" * 600,
    ],
)
def test_anything_else_leads_home(path):
    assert safe_return(path) == "/"
