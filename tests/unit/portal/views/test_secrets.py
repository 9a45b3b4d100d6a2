import pytest

from tests.unit.portal.world import ADA, ANA, MIA, PAT, ROB, SAM, Browser, kept_secrets


@pytest.mark.parametrize("person", [PAT, SAM, ADA], ids=lambda p: p.id)
def test_those_who_run_and_audit_the_platform_see_what_is_late_first(person):
    late = kept_secrets()
    page = Browser.of(person).get("/secrets").body

    assert "1 secret was not replaced in time." in page
    assert page.index(late) < page.index("appguard/apps/leave-request")
    assert "12 days, late" in page
    assert 'href="/secrets"' in Browser.of(person).get("/").body


@pytest.mark.parametrize("person", [ANA, MIA, ROB], ids=lambda p: p.id)
def test_others_do_not(person):
    kept_secrets()

    assert Browser.of(person).get("/secrets").status == 403
    assert 'href="/secrets"' not in Browser.of(person).get("/").body
