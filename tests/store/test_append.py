"""Growing the log, in every kind of store: from the head that was named, all or nothing, and never back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ruban.errors import HeadMoved, TagReused
from ruban.log.checkpoint import Checkpoint, sign_checkpoint
from ruban.log.merkle import EMPTY_ROOT, Tree, leaf_hash
from ruban.store.ports import EMPTY_HEAD, Head
from tests.store.group_log import LOG_SEED, ORIGIN, append, leaf, note_after, opening, pending
from tests.store.kinds import Kind, Store


@pytest.fixture
def store(kind: Kind) -> Iterator[Store]:
    with kind.make() as made:
        yield made


def test_a_new_log_is_empty(store: Store) -> None:
    assert store.head() == EMPTY_HEAD == Head(0, EMPTY_ROOT, b"")
    assert list(store.entries()) == []


def test_entries_come_back_in_order_with_their_hashes(store: Store) -> None:
    leaves = [leaf(number, 1 + number % 50) for number in range(700)]
    append(store, leaves[:300])
    head = append(store, leaves[300:])
    assert head == store.head()
    assert (head.size, head.root) == (700, Tree.of_leaves(leaves).root())
    assert list(store.entries()) == leaves
    assert list(store.entries(250, 520)) == leaves[250:520]
    assert list(store.leaf_hashes(699)) == [leaf_hash(leaves[699])]
    assert store.index_of(leaf_hash(leaves[512])) == 512
    assert store.index_of(bytes(32)) is None
    for start, end in ((0, 701), (-1, 3), (5, 4)):
        with pytest.raises(ValueError, match="within"):
            store.entries(start, end)


def test_a_walk_that_began_before_a_release_ends_where_the_log_ended(store: Store) -> None:
    append(store, [leaf(number) for number in range(300)])
    walk = store.entries()
    first = next(walk)
    append(store, [leaf(1000)])
    assert [first, *walk] == [leaf(number) for number in range(300)]


def test_the_head_survives_a_restart(kind: Kind) -> None:
    with kind.make() as store:
        head = append(store, [leaf(1), leaf(2)])
    with kind.reopen() as store:
        assert store.head() == head
        assert append(store, [leaf(3)]).size == 3


def test_whoever_names_an_old_head_has_lost(store: Store) -> None:
    old = store.head()
    note = note_after(store, [leaf(1)])
    append(store, [leaf(2)])
    for expected in (old, Head(1, bytes(32), b""), Head(2, store.head().root, b"")):
        with pytest.raises(HeadMoved):
            store.append(expected, [leaf(1)], note)
    assert list(store.entries()) == [leaf(2)]


def test_a_note_that_says_something_else_is_a_callers_mistake(store: Store) -> None:
    append(store, [leaf(1)])
    tree = Tree.of_leaves([leaf(1), leaf(2)])
    fine = Checkpoint(origin=ORIGIN, size=2, root=tree.root())
    for wrong in (
        sign_checkpoint(Checkpoint(origin=ORIGIN, size=2, root=bytes(32)), LOG_SEED),
        sign_checkpoint(Checkpoint(origin=ORIGIN, size=3, root=tree.root()), LOG_SEED),
        b"no note",
        b"",
    ):
        with pytest.raises(ValueError, match="note"):
            store.append(store.head(), [leaf(2)], wrong)
    assert store.head().size == 1
    store.append(store.head(), [leaf(2)], sign_checkpoint(fine, LOG_SEED))


def test_what_is_released_leaves_the_pending_and_the_rest_stays(store: Store) -> None:
    for number in range(6):
        store.submit(pending(number))
    out = [leaf(4), leaf(1)]
    append(store, [b"batch", *out], released={leaf_hash(value) for value in out})
    assert list(store.entries()) == [b"batch", leaf(4), leaf(1)]
    assert store.pending() == sorted((leaf(n) for n in (0, 2, 3, 5)), key=leaf_hash)
    assert store.promise(leaf_hash(leaf(0))) == pending(0).promise


def test_nothing_acknowledged_is_dropped_without_being_logged(store: Store) -> None:
    store.submit(pending(1))
    with pytest.raises(ValueError, match="released"):
        append(store, [b"batch"], released=[leaf_hash(leaf(1))])
    assert store.pending() == [leaf(1)]
    # And what is logged without being named as released does not wait any more.
    append(store, [leaf(1)])
    assert store.pending() == []


def test_claims_of_entries_that_never_waited_are_taken_too(store: Store) -> None:
    append(store, [leaf(1)], claims=[b"one", b"two"])
    with pytest.raises(TagReused):
        append(store, [leaf(2)], claims=[b"three", b"two"])
    store.submit(pending(5))
    with pytest.raises(TagReused):
        append(store, [leaf(2)], claims=[pending(5).claims[0]])
    assert store.head().size == 1
    append(store, [leaf(2)], claims=[b"three"])


def test_openings_of_entries_that_never_waited_are_kept(kind: Kind) -> None:
    with kind.make() as store:
        append(store, [leaf(1)], openings=[opening(1), opening(2)])
        assert store.opening(opening(2).commitment) == opening(2)
        assert store.opening(opening(3).commitment) is None
    with kind.reopen() as store:
        assert store.opening(opening(1).commitment) == opening(1)


def test_an_erasure_deletes_after_its_entry_is_in_the_log(store: Store) -> None:
    store.submit(pending(1))
    store.submit(pending(2))
    append(store, [leaf(1)])
    append(store, [b"erasure"], erased=[opening(1).commitment])
    assert store.opening(opening(1).commitment) is None
    assert store.opening(opening(2).commitment) == opening(2)
    assert list(store.entries()) == [leaf(1), b"erasure"]


def test_a_refused_append_erases_nothing(store: Store) -> None:
    append(store, [leaf(1)], openings=[opening(1)])
    with pytest.raises(HeadMoved):
        store.append(EMPTY_HEAD, [b"erasure"], store.head().note, erased=[opening(1).commitment])
    assert store.opening(opening(1).commitment) == opening(1)


def test_openings_that_nobody_needs_are_forgotten_and_those_that_wait_are_kept(store: Store) -> None:
    for number in range(4):
        store.submit(pending(number))
    append(store, [leaf(0), leaf(1)])
    store.forget_openings(lambda commitment: commitment == opening(0).commitment, store.head().size)
    assert [store.opening(opening(n).commitment) is not None for n in range(4)] == [True, False, True, True]


def test_the_same_entries_may_get_a_further_note_but_no_other_root(store: Store) -> None:
    append(store, [leaf(1)])
    cosigned = store.head().note + "— witness.example AAAAAAAA\n".encode()
    assert store.append(store.head(), [], cosigned).note == cosigned
    assert store.head().note == cosigned


def test_what_forgets_openings_must_know_the_whole_log(store: Store) -> None:
    append(store, [leaf(1)], openings=[opening(1)])
    append(store, [leaf(2)], openings=[opening(2)])
    with pytest.raises(HeadMoved):
        store.forget_openings(lambda commitment: commitment == opening(1).commitment, 1)
    assert store.opening(opening(2).commitment) == opening(2)
