"""Taking submissions, in every kind of store: once, durably, in company."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from ruban.errors import HeadMoved, IntakePaused, InvitationSpent, StoreError, TagReused
from ruban.log.merkle import leaf_hash
from ruban.store.ports import Pending, Submitted
from tests.store.group_log import append, leaf, opening, pending
from tests.store.kinds import Kind, Store


@pytest.fixture
def store(kind: Kind) -> Iterator[Store]:
    with kind.make() as made:
        yield made


def test_a_submission_is_pending_with_its_promise_and_opening(store: Store) -> None:
    one = pending(1)
    assert store.submit(one) == Submitted(one.promise, recorded=False)
    assert store.pending() == [one.leaf]
    assert store.promise(leaf_hash(one.leaf)) == one.promise
    assert store.opening(opening(1).commitment) == opening(1)
    assert one.spent is not None
    assert store.is_spent(one.spent)
    assert not store.is_spent(bytes(32))


def test_it_is_still_there_after_a_restart(kind: Kind) -> None:
    with kind.make() as store:
        store.submit(pending(1))
    with kind.reopen() as store:
        assert store.pending() == [leaf(1)]
        assert store.promise(leaf_hash(leaf(1))) == pending(1).promise
        with pytest.raises(InvitationSpent):
            store.submit(dataclasses.replace(pending(2), spent=pending(1).spent))
        with pytest.raises(TagReused):
            store.submit(dataclasses.replace(pending(2), claims=pending(1).claims[1:]))


def test_the_same_leaf_again_gets_the_first_promise(store: Store) -> None:
    store.submit(pending(1))
    again = store.submit(dataclasses.replace(pending(1), promise=b"a later one"))
    assert again == Submitted(pending(1).promise, recorded=False)
    assert len(store.pending()) == 1


def test_the_same_leaf_after_its_release_is_known_to_be_recorded(store: Store) -> None:
    store.submit(pending(1))
    append(store, [leaf(1)])
    assert store.submit(dataclasses.replace(pending(1), promise=b"fresh")) == Submitted(b"fresh", recorded=True)
    assert store.pending() == []
    assert store.promise(leaf_hash(leaf(1))) is None


@pytest.mark.parametrize("released", [False, True])
def test_a_spent_invitation_is_refused_and_nothing_of_it_kept(store: Store, released: bool) -> None:
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
def test_a_taken_claim_is_refused_and_nothing_of_it_kept(store: Store, released: bool, which: int) -> None:
    store.submit(pending(1))
    if released:
        append(store, [leaf(1)])
    reused = (b"another", pending(1).claims[which])
    with pytest.raises(TagReused):
        store.submit(dataclasses.replace(pending(2), claims=reused))
    assert leaf(2) not in store.pending()
    assert store.opening(opening(2).commitment) is None
    store.submit(dataclasses.replace(pending(2), claims=(b"another",)))


def test_a_spent_invitation_is_told_before_a_taken_claim(store: Store) -> None:
    store.submit(pending(1))
    with pytest.raises(InvitationSpent):
        store.submit(dataclasses.replace(pending(1), leaf=leaf(2)))


def test_of_many_that_race_for_one_claim_one_wins(store: Store) -> None:
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


def test_one_refusal_in_a_group_spoils_none_of_the_others(kind: Kind, store: Store) -> None:
    # The writer is kept from starting until all wait: one transaction has to sort them out.
    with kind.held(store):
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


def test_a_cancelled_submission_is_not_kept(kind: Kind, store: Store) -> None:
    with kind.held(store):
        blocker = store.enqueue(pending(1))
        # The writer may hold the first already; the one behind it still waits in the queue, or is taken with it.
        future = store.enqueue(pending(2))
        cancelled = future.cancel()
    blocker.result()
    store.submit(pending(3))
    assert (leaf(2) in store.pending()) is not cancelled


def test_closing_answers_those_who_wait_and_refuses_those_who_come(kind: Kind) -> None:
    store = kind.make()
    waiting = [store.enqueue(pending(number)) for number in range(50)]
    store.close()
    assert all(not future.result().recorded for future in waiting)
    with pytest.raises(IntakePaused):
        store.submit(pending(60))
    with pytest.raises(StoreError):
        store.pending()
    store.close()
    with kind.reopen() as again:
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
def test_a_submission_out_of_bounds_is_a_callers_mistake(store: Store, wrong: Pending) -> None:
    with pytest.raises(ValueError, match=r"8192|once|256|32"):
        store.submit(wrong)


def test_a_submission_shows_no_invitation() -> None:
    spent = pending(1).spent
    assert spent is not None
    assert repr(spent) not in repr(pending(1))


def test_a_submission_whose_rules_were_asked_of_a_shorter_log_is_sent_back(store: Store) -> None:
    # Another process has closed its letter, say: acknowledged now, it could never be recorded.
    store.submit(dataclasses.replace(pending(1), seen=0))
    append(store, [leaf(50)])
    with pytest.raises(HeadMoved):
        store.submit(dataclasses.replace(pending(2), seen=0))
    assert leaf(2) not in store.pending()
    assert store.submit(dataclasses.replace(pending(1), seen=0)).promise == pending(1).promise
    store.submit(dataclasses.replace(pending(2), seen=1))
