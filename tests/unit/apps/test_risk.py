import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from appguard.apps.manifest import Criticality, Manifest
from appguard.apps.risk import assess
from appguard.connectors.registry import registry
from appguard.kernel.levels import DataClass, RiskTier

OFFICE = yaml.safe_load("""
apiVersion: appguard/v1
kind: MicroApp
metadata: {id: office-app, name: Office, description: Rooms., owner: ana@example.com, team: Office}
intent: {purpose: Find a free room quickly., users: employees, data_class: internal}
connectors: [{name: office-directory, queries: [meeting_rooms]}]
pages:
  - type: table
    id: rooms
    title: Rooms
    source: {connector: office-directory, query: meeting_rooms}
    columns: [{name: room}]
""")


def tier(files=(), **sections):
    manifest = Manifest.model_validate({**OFFICE, **sections})
    return assess(manifest, registry(), files).tier


def intent(**changes):
    return {"intent": {**OFFICE["intent"], **changes}}


def use(name, *queries):
    return {"connectors": [{"name": name, "queries": list(queries)}]}


def test_reading_internal_data_for_employees_is_low():
    assert tier() is RiskTier.LOW


@pytest.mark.parametrize(
    ("sections", "expected"),
    [
        (use("hr-db", "my_leave_balance"), RiskTier.MEDIUM),
        (use("hr-db", "my_health_notes"), RiskTier.HIGH),
        (use("payroll-db", "my_payslips"), RiskTier.HIGH),
        (use("unheard-of", "q"), RiskTier.HIGH),
        (use("office-directory", "no_such_query"), RiskTier.HIGH),
        (intent(users="public"), RiskTier.HIGH),
        (intent(criticality="high"), RiskTier.HIGH),
        (intent(data_class="special"), RiskTier.HIGH),
        ({"runtime": {"egress": ["api.example.org"]}}, RiskTier.MEDIUM),
        ({"runtime": {"permissions": ["s3:GetObject"]}}, RiskTier.HIGH),
        ({"runtime": {"memory_mb": 1024}}, RiskTier.MEDIUM),
        ({"files": ["app.yaml", "logic.py"]}, RiskTier.MEDIUM),
    ],
)
def test_what_an_app_touches_sets_its_tier(sections, expected):
    assert tier(**sections) is expected


@given(st.sampled_from(DataClass), st.sampled_from(Criticality))
def test_the_tier_is_never_lower_than_declared(data_class, criticality):
    alone = max(
        assess(Manifest.model_validate({**OFFICE, **intent(data_class=data_class.value)}), registry()).tier,
        assess(Manifest.model_validate({**OFFICE, **intent(criticality=criticality.value)}), registry()).tier,
    )
    both = Manifest.model_validate(
        {**OFFICE, **intent(data_class=data_class.value, criticality=criticality.value)}
    )
    assert assess(both, registry()).tier >= alone


def test_reasons_are_words_and_the_weightiest_comes_first():
    manifest = Manifest.model_validate({**OFFICE, **use("hr-db", "my_health_notes")})
    assert assess(manifest, registry()).reasons[0] == "It reads special data (hr-db: my_health_notes)."


def test_above_low_what_is_harmless_is_not_listed():
    manifest = Manifest.model_validate({**OFFICE, **use("hr-db", "my_leave_balance")})
    assert assess(manifest, registry()).reasons == ("It reads personal data (hr-db: my_leave_balance).",)
