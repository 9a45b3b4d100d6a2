"""What k-anonymity of a histogram means here, proved for any people in any cells."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from appguard.connectors.profiling.bars import Cell, bars

K = 10


def cells_of(values: list[tuple[int, int]]) -> dict[int, Cell]:
    """Cells of (cell, person) pairs."""
    return {
        at: Cell(sum(cell == at for cell, _ in values), (frozenset(p for cell, p in values if cell == at),))
        for at in {cell for cell, _ in values}
    }


measured = st.lists(st.tuples(st.integers(-300, 300), st.integers(1, 60)), max_size=150)


@settings(max_examples=300)
@given(measured)
def test_every_bar_speaks_of_at_least_k_people(values):
    cells = cells_of(values)
    found = bars(cells, K)
    assert bool(found) == (len({person for _, person in values}) >= K)
    ends = (found[0].from_, found[-1].until - 1) if found else (0, 0)
    for bar in found:  # what lies beyond the ends counts as if it lay at them
        inside = {p for at, p in values if bar.from_ <= min(max(at, ends[0]), ends[1]) < bar.until}
        assert len(inside) >= K


@given(measured)
def test_edges_lie_on_a_grid_no_value_has_moved(values):
    for bar in bars(cells_of(values), K):
        width = bar.until - bar.from_
        assert width & (width - 1) == 0
        assert bar.from_ % width == 0 or bar.from_ == -bar.until


@given(measured)
def test_shares_add_up_and_bars_do_not_overlap(values):
    found = bars(cells_of(values), K)
    if found:
        assert abs(sum(bar.share for bar in found) - 1) <= 0.005 * len(found)
    for one, other in pairwise(found):
        assert one.until <= other.from_


def test_one_person_far_away_moves_no_edge():
    near = [(cell, person) for person in range(1, 31) for cell in (person % 8,)]
    shared = bars(cells_of(near), K)
    assert [bar[:2] for bar in bars(cells_of([*near, (1000, 31)]), K)] == [bar[:2] for bar in shared]


def test_many_rows_of_few_people_say_nothing():
    assert bars(cells_of([(3, person % 9) for person in range(500)]), K) == ()


@given(st.lists(st.tuples(st.integers(-50, 50), st.integers(1, 60), st.integers(1, 20)), max_size=150))
def test_where_a_row_names_several_people_each_column_of_them_is_hidden(values):
    cells = {
        at: Cell(
            sum(cell == at for cell, *_ in values),
            (
                frozenset(one for cell, one, _ in values if cell == at),
                frozenset(other for cell, _, other in values if cell == at),
            ),
        )
        for at in {cell for cell, *_ in values}
    }
    found = bars(cells, K)
    ends = (found[0].from_, found[-1].until - 1) if found else (0, 0)
    for bar in found:
        inside = [v for v in values if bar.from_ <= min(max(v[0], ends[0]), ends[1]) < bar.until]
        assert len({one for _, one, _ in inside}) >= K
        assert len({other for *_, other in inside}) >= K
