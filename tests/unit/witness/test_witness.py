from itertools import pairwise

import boto3
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appguard.audit.checkpoint import Signer, checkpoint, origin_of
from appguard.audit.merkle import Edge, consistency_path, leaf_hash, node_hash
from appguard.kernel.errors import AppGuardError, Forbidden, Invalid, NotFound
from appguard.kernel.event import RetentionClass
from appguard.witness.cosigning import holds
from appguard.witness.store import Memory, log_key
from appguard.witness.submission import Submission
from appguard.witness.witness import Forked, Inconsistent, OtherSize, RolledBack
from tests.support.ledger import ORIGIN
from tests.support.witness import NAME

HISTORIES = st.sampled_from(["abcdefgh", "abcdefgX", "aXcdefgh"])
LOG = origin_of(ORIGIN, RetentionClass.THREE_YEARS)


class Tree:
    """A log whose entries are the letters of a word; another word is another history."""

    def __init__(self, word: str, signer: Signer, origin: str = LOG) -> None:
        self.leaves = [leaf_hash(letter.encode()) for letter in word]
        self.signer, self.origin = signer, origin

    def note(self, size: int) -> bytes:
        edge = Edge()
        for leaf in self.leaves[:size]:
            edge.append(leaf)
        return checkpoint(self.origin, size, edge.root(), self.signer)

    def node(self, height: int, index: int) -> bytes:
        if height == 0:
            return self.leaves[index]
        return node_hash(self.node(height - 1, 2 * index), self.node(height - 1, 2 * index + 1))

    def submission(self, old: int, size: int) -> Submission:
        proof = consistency_path(old, size, self.node) if 0 < old <= size else []
        return Submission(old, tuple(proof), self.note(size))


@pytest.fixture
def log(signer):
    return lambda word: Tree(word, signer)


def test_a_log_that_only_grows_is_cosigned_at_every_size(witness, witness_signer, log):
    tree, before = log("abcdefgh"), 0
    for size in (1, 2, 2, 5, 8):
        line = witness.add_checkpoint(tree.submission(before, size))
        assert holds(line, NAME, witness_signer.public_key, tree.note(size))
        before = size


def test_who_asks_from_another_size_is_told_which(witness, log):
    tree = log("abcdefgh")
    witness.add_checkpoint(tree.submission(0, 4))
    for old in (0, 2, 5):
        with pytest.raises(OtherSize) as told:
            witness.add_checkpoint(tree.submission(old, 6))
        assert told.value.known == 4


@pytest.fixture
def evidence(memory):
    def kept() -> list[tuple[str, bytes]]:
        items = boto3.client("dynamodb").scan(TableName="witness")["Items"]
        return [(one["why"]["S"], one["note"]["B"]) for one in items if "why" in one]

    return kept


@pytest.mark.parametrize(
    ("word", "old", "size", "error"),
    [("abXd", 4, 4, Forked), ("abXdef", 4, 6, Inconsistent), ("abc", 3, 3, RolledBack)],
)
def test_a_history_that_was_changed_is_refused_and_its_signed_checkpoint_kept(
    witness, memory, log, evidence, word, old, size, error
):
    honest = log("abcdefgh")
    witness.add_checkpoint(honest.submission(0, 4))
    with pytest.raises(error):
        witness.add_checkpoint(log(word).submission(old, size))
    assert evidence() == [(error.code, log(word).note(size))]
    assert memory.last(LOG).size == 4
    witness.add_checkpoint(honest.submission(4, 8))


def test_only_checkpoints_of_this_ledger_signed_by_its_key_are_looked_at(
    witness, witness_signer, log, evidence
):
    with pytest.raises(Forbidden):
        witness.add_checkpoint(Tree("ab", witness_signer).submission(0, 2))
    with pytest.raises(NotFound):
        witness.add_checkpoint(Tree("ab", log("").signer, "other").submission(0, 2))
    assert evidence() == []


def test_a_proof_too_many_and_an_old_size_too_large_are_mistakes(witness, log):
    tree = log("abcd")
    with pytest.raises(Invalid):
        witness.add_checkpoint(Submission(0, (b"h" * 32,), tree.note(2)))
    with pytest.raises(Invalid):
        witness.add_checkpoint(Submission(3, (), tree.note(2)))


def test_of_two_at_once_only_one_moves_the_head(witness, memory, log, monkeypatch):
    """Between look and write another request moved the head: this one is not signed."""
    tree = log("abcdefgh")
    witness.add_checkpoint(tree.submission(0, 2))
    stale = memory.last(LOG)
    witness.add_checkpoint(tree.submission(2, 6))
    monkeypatch.setattr(Memory, "last", lambda *_: stale)
    with pytest.raises(OtherSize):
        witness.add_checkpoint(tree.submission(2, 4))
    monkeypatch.undo()
    assert memory.last(LOG).size == 6


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.sampled_from(["abcdefgh", "abcdefgX", "aXcdefgh"]), st.integers(0, 8), st.integers(1, 8))
    )
)
def test_whatever_is_asked_all_that_is_cosigned_is_one_history(witness, memory, log, asked):
    boto3.client("dynamodb").delete_item(TableName="witness", Key=log_key(LOG))
    cosigned = []
    for word, old, size in asked:
        try:
            witness.add_checkpoint(log(word).submission(old, size))
        except AppGuardError:
            continue
        cosigned.append(word[:size])
    for earlier, later in pairwise(cosigned):
        assert later.startswith(earlier)
