import pytest

from appguard.kernel.event import Resource, Result
from appguard.reports.checks import State, outcomes

POLICY = Resource(type="policy", id="sha256:" + "c" * 64)


@pytest.mark.parametrize(("publisher", "state"), [("sec", State.PASSED), ("pat", State.FAILED)])
def test_policies_need_two_persons(figured, fact, publisher, state):
    made = figured(fact("policy.published", publisher, about=POLICY, proposed_by="pat"))
    assert outcomes(made)["policies-by-two"].state is state


def test_a_refused_publication_is_none(figured, fact):
    refused = fact("policy.published", "pat", about=POLICY, proposed_by="pat", result=Result.DENIED)
    assert figured(refused).policies == ()
