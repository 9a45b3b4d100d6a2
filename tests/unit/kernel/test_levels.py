from itertools import pairwise

import pytest

from appguard.kernel.levels import DataClass, RiskTier


@pytest.mark.parametrize("levels", [DataClass, RiskTier])
def test_levels_compare_by_definition_and_not_by_letters(levels):
    for lower, higher in pairwise(levels):
        assert lower < higher
        assert lower <= higher
        assert higher > lower
        assert higher >= lower
    assert max(levels) is list(levels)[-1]


def test_levels_of_different_kinds_do_not_compare():
    with pytest.raises(TypeError):
        assert DataClass.PUBLIC < RiskTier.LOW
