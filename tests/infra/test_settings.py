import pytest

from infra.settings import Deployment

OURS = {
    "oidc_issuer": "https://login.our.company",
    "oidc_client_id": "appguard",
    "mail_from": "appguard@our.company",
    "reviewer_email": "reviewers@our.company",
    "auditor_email": "auditors@our.company",
}


def test_addresses_of_our_own_are_no_examples() -> None:
    assert not Deployment.model_validate(OURS).holds_examples


@pytest.mark.parametrize("name", ["oidc_issuer", "mail_from", "reviewer_email", "auditor_email"])
def test_one_example_left_is_enough_to_warn(name: str) -> None:
    assert Deployment.model_validate({**OURS, name: "x@example.com"}).holds_examples
