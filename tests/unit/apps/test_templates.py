import pytest

from appguard.apps.manifest import Intent, Metadata
from appguard.apps.risk import assess
from appguard.apps.templates import start, templates
from appguard.connectors.registry import registry
from appguard.kernel.errors import NotFound
from appguard.kernel.levels import RiskTier

INTENT = Intent(purpose="Employees ask for leave here.", users="employees", data_class="internal")


def metadata(**changes: str) -> Metadata:
    words = {
        "id": "my-app",
        "name": "My app",
        "description": "It helps.",
        "owner": "ana@example.com",
        "team": "HR",
    }
    return Metadata.model_validate(words | changes)


@pytest.mark.parametrize("name", sorted(templates()))
def test_every_template_starts_a_valid_app_whose_connectors_exist(name):
    manifest = start(name, metadata(), INTENT).manifest()
    assert manifest.metadata.template == templates()[name].reference
    for use in manifest.connectors:
        assert set(use.queries) <= set(registry()[use.name].queries)
        assert set(use.commands) <= set(registry()[use.name].commands)


def test_a_requesters_words_stay_words():
    hostile = 'x"\nruntime: {permissions: ["iam:*"]}\n# ${owner}'
    manifest = start("hr-self-service", metadata(description=hostile), INTENT).manifest()
    assert manifest.metadata.description == hostile
    assert manifest.runtime.permissions == ()


def test_an_unknown_template_is_refused_with_the_known_ones():
    with pytest.raises(NotFound) as raised:
        start("../../etc", metadata(), INTENT)
    assert "hr-self-service" in raised.value.advice


def test_the_office_template_is_low_risk_and_the_hr_template_is_not():
    tiers = {
        name: assess(start(name, metadata(), INTENT).manifest(), registry()).tier for name in templates()
    }
    assert tiers == {"hr-self-service": RiskTier.MEDIUM, "office-self-service": RiskTier.LOW}
