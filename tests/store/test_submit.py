"""Taking submissions: once, durably, in company."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ruban.errors import IntakePaused, InvitationSpent, StoreError, TagReused
from ruban.log.merkle import leaf_hash
from ruban.store.ports import Pending, Submitted
from ruban.store.sqlite import SqliteStore
from tests.store.group_log import append, leaf, make, opening, pending, reopen


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    with make(tmp_path / "group") as made:
        yield made


def test_a_submission_is_pending_with_its_promise_and_opening(store: SqliteStore) -> None:
    one = pending(1)
    assert store.submit(one) == Submitted(one.promise, recorded=False)
    assert store.pending() == [one.leaf]
    assert store.promise(leaf_hash(one.leaf)) == one.promise
    assert store.opening(opening(1).commitment) == opening(1)
    assert one.spent is not None
    assert store.is_spent(one.spent)
    assert not store.is_spent(bytes(32))


def test_it_is_still_there_after_a_restart(tmp_path: Path) -> None:
    with make(tmp_path / "group") as store:
        store.submit(pending(1))
    with reopen(tmp_path / "group") as store:
        assert store.pending() == [leaf(1)]
        assert store.promise(leaf_hash(leaf(1))) == pending(1).promise
        with pytest.raises(InvitationSpent):
            store.submit(dataclasses.replace(pending(2), spent=pending(1).spent))
        with pytest.raises(TagReused):
            store.submit(dataclasses.replace(pending(2), claims=pending(1).claims[1:]))


def test_the_same_leaf_again_gets_the_first_promise(store: SqliteStore) -> None:
    store.submit(pending(1))
    again = store.submit(dataclasses.replace(pending(1), promise=b"a later one"))
    assert again == Submitted(pending(1).promise, recorded=False)
    assert len(store.pending()) == 1


def test_the_same_leaf_after_its_release_is_known_to_be_recorded(store: SqliteStore) -> None:
    store.submit(pending(1))
    append(store, [leaf(1)])
    assert store.submit(dataclasses.replace(pending(1), promise=b"fresh")) == Submitted(b"fresh", recorded=True)
    assert store.pending() == []
    assert store.promise(leaf_hash(leaf(1))) is None


@pytest.mark.parametrize("released", [False, True])
def test_a_spent_invitation_is_refused_and_nothing_of_it_kept(store: SqliteStore, released: bool) -> None:
    store.submit(pending(1))
    if released:
        append(store, [leaf(1)])
    with pytest.raises(InvitationSpent) as caught:
        store.submit(dataclasses.replace(pending(2), spent=pending(1).spent))
    assert caught.value.field == "invitation"
    assert leaf(2) not in store.pending()
    assert store.opening(opening(2).commitment) is None
    # Its claims are free: the same member comes back with another invitation.
    store.submit(pending(2))


@pytest.mark.parametrize("released", [False, True])
@pytest.mark.parametrize("which", [0, 1])
def test_a_taken_claim_is_refused_and_nothing_of_it_kept(store: SqliteStore, released: bool, which: int) -> None:
    store.submit(pending(1))
    if released:
        append(store, [leaf(1)])
    reused = (b"another", pending(1).claims[which])
    with pytest.raises(TagReused):
        store.submit(dataclasses.replace(pending(2), claims=reused))
    assert leaf(2) not in store.pending()
    assert store.opening(opening(2).commitment) is None
    store.submit(dataclasses.replace(pending(2), claims=(b"another",)))


def test_a_spent_invitation_is_told_before_a_taken_claim(store: SqliteStore) -> None:
    store.submit(pending(1))
    with pytest.raises(InvitationSpent):
        store.submit(dataclasses.replace(pending(1), leaf=leaf(2)))


def test_of_many_that_race_for_one_claim_one_wins(store: SqliteStore) -> None:
    barrier = threading.Barrier(16)

    def rush(number: int) -> bool:
        barrier.wait()
        try:
            store.submit(dataclasses.replace(pending(number), claims=(b"the tag",)))
        except TagReused:
            return False
        return True

    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(rush, range(16))) == 1
    assert len(store.pending()) == 1


def test_one_refusal_in_a_group_spoils_none_of_the_others(store: SqliteStore) -> None:
    # The lock keeps the writer from starting until all wait: one transaction has to sort them out.
    with store._lock:
        good = [store.enqueue(pending(number)) for number in range(10)]
        bad = store.enqueue(dataclasses.replace(pending(20), claims=pending(3).claims))
        twice = store.enqueue(dataclasses.replace(pending(4), promise=b"second"))
        spent = store.enqueue(dataclasses.replace(pending(21), spent=pending(5).spent))
        late = store.enqueue(pending(30))
    assert [future.result().promise for future in good] == [pending(number).promise for number in range(10)]
    assert isinstance(bad.exception(), TagReused)
    assert twice.result().promise == pending(4).promise
    assert isinstance(spent.exception(), InvitationSpent)
    assert late.result() == Submitted(pending(30).promise, recorded=False)
    assert set(store.pending()) == {leaf(number) for number in (*range(10), 30)}


def test_a_cancelled_submission_is_not_kept(store: SqliteStore) -> None:
    with store._lock:
        blocker = store.enqueue(pending(1))
        # The writer may hold the first already; the one behind it still waits in the queue, or is taken with it.
        future = store.enqueue(pending(2))
        cancelled = future.cancel()
    blocker.result()
    store.submit(pending(3))
    assert (leaf(2) in store.pending()) is not cancelled


def test_below_the_minimum_of_free_disk_only_what_is_known_is_answered(tmp_path: Path) -> None:
    free = [1000]
    with SqliteStore.create(tmp_path / "group", min_free_bytes=1000, free_bytes=lambda: free[0]) as store:
        store.submit(pending(1))
        free[0] = 999
        with pytest.raises(IntakePaused):
            store.submit(pending(2))
        assert store.submit(pending(1)).promise == pending(1).promise
        with pytest.raises(InvitationSpent):
            store.submit(dataclasses.replace(pending(2), spent=pending(1).spent))
        # What was acknowledged is still released.
        append(store, [leaf(1)])
        free[0] = 1000
        store.submit(pending(2))
        assert store.pending() == [leaf(2)]


def test_closing_answers_those_who_wait_and_refuses_those_who_come(tmp_path: Path) -> None:
    store = make(tmp_path / "group")
    waiting = [store.enqueue(pending(number)) for number in range(50)]
    store.close()
    assert all(not future.result().recorded for future in waiting)
    with pytest.raises(IntakePaused):
        store.submit(pending(60))
    with pytest.raises(StoreError):
        store.pending()
    store.close()
    with reopen(tmp_path / "group") as again:
        assert len(again.pending()) == 50


@pytest.mark.parametrize(
    "wrong",
    [
        Pending(leaf=bytes(8193), promise=b""),
        Pending(leaf=b"leaf", promise=b"", claims=(b"a", b"a")),
        Pending(leaf=b"leaf", promise=b"", claims=(b"",)),
        Pending(leaf=b"leaf", promise=b"", claims=(bytes(257),)),
        Pending(leaf=b"leaf", promise=b"", spent=bytes(31)),
    ],
)
def test_a_submission_out_of_bounds_is_a_callers_mistake(store: SqliteStore, wrong: Pending) -> None:
    with pytest.raises(ValueError, match=r"8192|once|256|32"):
        store.submit(wrong)


def test_a_submission_shows_no_invitation() -> None:
    spent = pending(1).spent
    assert spent is not None
    assert repr(spent) not in repr(pending(1))
