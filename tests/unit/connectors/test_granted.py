from appguard.apps.model import Grants, Permit
from appguard.connectors.granted import GrantCache
from appguard.kernel.errors import NotFound
from appguard.kernel.ids import AppId, BundleDigest

APP = AppId("leave-request")
PERMIT = Permit(bundle_digest=BundleDigest("sha256:" + "1" * 64), grants=Grants())


class Catalog:
    def __init__(self, permit: Permit | None):
        self.permit_now = permit
        self.asked = 0
        self.seconds = 0.0

    def permit(self, app_id):
        self.asked += 1
        return self.permit_now

    def clock(self):
        return self.seconds


def test_a_withdrawn_grant_stops_working_within_five_seconds():
    catalog = Catalog(PERMIT)
    cache = GrantCache(catalog.permit, catalog.clock)
    assert cache.of(APP)
    catalog.permit_now = None
    catalog.seconds = 4.99
    assert cache.of(APP) is None


def test_the_catalog_is_asked_once_for_calls_in_a_row():
    catalog = Catalog(PERMIT)
    cache = GrantCache(catalog.permit, catalog.clock)
    for tenth in range(30):
        catalog.seconds = tenth / 10
        cache.of(APP)
    assert catalog.asked == 1


def test_a_new_grant_works_at_once():
    catalog = Catalog(None)
    cache = GrantCache(catalog.permit, catalog.clock)
    assert cache.of(APP) is None
    catalog.permit_now = Grants()
    assert cache.of(APP) is not None


def test_an_app_the_catalog_does_not_know_has_no_grants():
    def unknown(app_id):
        raise NotFound(f"there is no app {app_id}")

    assert GrantCache(unknown).of(APP) is None
