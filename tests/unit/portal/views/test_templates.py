import pytest

from appguard.apps.templates import templates
from appguard.portal.views.templates import beginning
from tests.unit.portal.world import ANA, MIA, Browser


@pytest.mark.parametrize("name", templates())
def test_a_template_shows_every_page_of_the_app_it_begins(portal, name):
    page = Browser.of(MIA).get(f"/templates/{name}").body
    for each in beginning(templates()[name]).pages:
        assert each.title in page
    assert "Start from this" not in page


def test_those_who_make_apps_start_from_it(portal):
    ana = Browser.of(ANA)
    assert 'href="/new?template=hr-self-service"' in ana.get("/templates/hr-self-service").body
    form = ana.get("/new?template=hr-self-service").body
    assert 'value="hr-self-service" required checked' in form
    assert "checked" not in ana.get("/new?template=nothing").body


def test_all_templates_are_listed(portal):
    page = Browser.of(MIA).get("/templates").body
    assert all(each.title in page for each in templates().values())


def test_a_template_that_is_none_is_not_found(portal):
    assert Browser.of(MIA).get("/templates/..%2f..").status == 404
