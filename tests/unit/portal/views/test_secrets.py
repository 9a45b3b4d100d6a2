from datetime import timedelta

import pytest

from appguard.kernel.clock import utc_now
from appguard.kernel.event import Actor, AuditEvent, Resource
from appguard.kernel.ids import AppId, ConnectorName
from appguard.secrets.model import SecretRecord
from appguard.secrets.store import records
from tests.unit.portal.world import ADA, ANA, MIA, PAT, ROB, SAM, Browser


@pytest.fixture
def late():
    records.cache_clear()
    now = utc_now()
    login = SecretRecord.login(ConnectorName("hr-db"), AppId("leave-request"), now - timedelta(days=12))
    key = SecretRecord.session_key(AppId("leave-request"), now)
    for record in (key, login):
        about = Resource(type="secret", id=record.name)
        records().save(record, AuditEvent.of("secret.registered", Actor.system("secrets"), about, now))
    return login.name


@pytest.mark.parametrize("person", [PAT, SAM, ADA], ids=lambda p: p.id)
def test_those_who_run_and_audit_the_platform_see_what_is_late_first(late, person):
    page = Browser.of(person).get("/secrets").body

    assert "1 secret was</strong>" in page.replace(" not replaced in time.", "")
    assert page.index(late) < page.index("appguard/apps/leave-request")
    assert "12 days, late" in page
    assert 'href="/secrets"' in Browser.of(person).get("/").body


@pytest.mark.parametrize("person", [ANA, MIA, ROB], ids=lambda p: p.id)
def test_others_do_not(late, person):
    assert Browser.of(person).get("/secrets").status == 403
    assert 'href="/secrets"' not in Browser.of(person).get("/").body
