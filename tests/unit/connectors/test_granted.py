from appguard.apps.model import Grants
from appguard.connectors.granted import GrantCache
from appguard.kernel.errors import NotFound
from appguard.kernel.ids import AppId

APP = AppId("leave-request")


class Catalog:
    def __init__(self, grants: Grants | None):
        self.grants_now = grants
        self.asked = 0
        self.seconds = 0.0

    def grants(self, app_id):
        self.asked += 1
        return self.grants_now

    def clock(self):
        return self.seconds


def test_a_withdrawn_grant_stops_working_within_five_seconds():
    catalog = Catalog(Grants())
    cache = GrantCache(catalog.grants, catalog.clock)
    assert cache.of(APP)
    catalog.grants_now = None
    catalog.seconds = 4.99
    assert cache.of(APP) is None


def test_the_catalog_is_asked_once_for_calls_in_a_row():
    catalog = Catalog(Grants())
    cache = GrantCache(catalog.grants, catalog.clock)
    for tenth in range(30):
        catalog.seconds = tenth / 10
        cache.of(APP)
    assert catalog.asked == 1


def test_a_new_grant_works_at_once():
    catalog = Catalog(None)
    cache = GrantCache(catalog.grants, catalog.clock)
    assert cache.of(APP) is None
    catalog.grants_now = Grants()
    assert cache.of(APP) is not None


def test_an_app_the_catalog_does_not_know_has_no_grants():
    def unknown(app_id):
        raise NotFound(f"there is no app {app_id}")

    assert GrantCache(unknown).of(APP) is None
