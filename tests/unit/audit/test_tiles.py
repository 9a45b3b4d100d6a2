import pytest
from hypothesis import given
from hypothesis import strategies as st

from appguard.audit.merkle import Edge, consistency_path, leaf_hash
from appguard.audit.tiles import Tiles, node_reader, reach, tile_path, unbundle
from appguard.audit.verify import consistency_holds
from appguard.audit.verify.merkle import tree_hash
from appguard.audit.verify.names import tile_name


def entry(n: int) -> bytes:
    return b"%d" % n


def grown(*sizes: int) -> dict[str, bytes]:
    """Objects of a log that is loaded from them again at each of `sizes`."""
    objects: dict[str, bytes] = {}
    for start, size in zip((0, *sizes), sizes, strict=False):
        tiles = Tiles.load(start, objects.__getitem__)
        for n in range(start, size):
            objects.update(tiles.append(entry(n)))
        objects.update(tiles.partial())
    return objects


def root(size: int) -> bytes:
    return tree_hash([leaf_hash(entry(n)) for n in range(size)])


@pytest.mark.parametrize(
    ("index", "path"),
    [(0, "tile/0/000"), (67, "tile/0/067"), (1000, "tile/0/x001/000"), (1234067, "tile/0/x001/x234/067")],
)
def test_paths_are_those_of_the_specification(index, path):
    assert tile_path(0, index) == path == tile_name("0", index)


@given(
    level=st.sampled_from(["entries", "0", "1", "2"]), index=st.integers(0, 10**9), width=st.integers(1, 256)
)
def test_writer_and_verifier_name_tiles_alike(level, index, width):
    path = tile_path(level, index, width)
    assert path == tile_name(level, index, width)
    assert reach(path) == (index * 256 + width) * (1 if level == "entries" else 256 ** int(level))


@given(size=st.integers(0, 700))
def test_the_edge_gives_the_root_the_definition_gives(size):
    edge = Edge()
    for n in range(size):
        edge.append(leaf_hash(entry(n)))
    assert edge.root() == root(size)


@pytest.mark.parametrize("stops", [(1, 255, 256, 257, 700), (300, 512, 513, 700), (512, 700)])
def test_a_log_loaded_from_its_tiles_goes_on_as_if_never_stopped(stops):
    continued, straight = grown(*stops), grown(700)
    assert straight.items() <= continued.items()
    assert Tiles.load(700, continued.__getitem__).edge.root() == root(700)


def test_a_log_of_several_levels_goes_on_too():
    full = 256 * 256
    objects = grown(full + 300)
    resumed = Tiles.load(full + 300, objects.__getitem__)
    for n in range(full + 300, full + 600):
        objects.update(resumed.append(entry(n)))
    assert resumed.edge.root() == root(full + 600)
    assert objects["tile/2/000.p/1"] == root(full)


def test_a_log_is_not_continued_from_entries_that_were_not_hashed():
    objects = grown(5)
    objects["tile/entries/000.p/5"] = objects["tile/entries/000.p/5"].replace(b"3", b"7")
    with pytest.raises(ValueError, match="not those that were hashed"):
        Tiles.load(5, objects.__getitem__)


@given(old=st.integers(1, 300), more=st.integers(0, 300))
def test_consistency_proofs_from_tiles_hold(old, more):
    size = old + more
    path = consistency_path(old, size, node_reader(size, grown(size).__getitem__))
    assert consistency_holds(old, size, root(old), root(size), path)


def test_a_cut_bundle_is_refused():
    with pytest.raises(ValueError, match="cut"):
        unbundle(b"\x00\x05abc")
