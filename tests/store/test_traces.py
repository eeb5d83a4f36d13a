"""What must not be left in any file: an erased payload, and the order in which anything came."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest

from ruban.log.merkle import leaf_hash
from ruban.primitives.randomness import shuffled
from ruban.store.ports import Pending
from ruban.store.sqlite import SqliteStore
from tests.store.group_log import append, leaf, make, opening, pending, reopen

MANY = 300


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    with make(tmp_path / "group") as made:
        yield made


def _bytes_of(folder: Path) -> bytes:
    """Every byte of every file, the journals' too."""
    return b"".join(path.read_bytes() for path in sorted((folder / "group").iterdir()))


def _parts(data: bytes) -> list[bytes]:
    """Windows of 16 bytes: a copy cut by a page's end, or overwritten in part, is found as well."""
    return [data[at : at + 16] for at in range(0, len(data) - 15, 16)]


@pytest.mark.parametrize("size_bytes", [40, 3000, 20_000])
def test_an_erased_payload_is_in_no_file(store: SqliteStore, tmp_path: Path, size_bytes: int) -> None:
    openings = [opening(number, size_bytes) for number in range(20)]
    for number, one in enumerate(openings):
        store.submit(dataclasses.replace(pending(number), openings=(one,)))
    append(store, [leaf(number) for number in range(10)])
    erased = [openings[3], openings[7], openings[15]]  # two released, one that still waits
    before = _bytes_of(tmp_path)
    assert all(_parts(one.payload)[0] in before and one.salt in before for one in erased)
    append(store, [b"erasure"], erased=[one.commitment for one in erased])
    after = _bytes_of(tmp_path)
    for one in erased:
        assert not any(part in after for part in (*_parts(one.payload), *_parts(one.salt)))
    kept = [one for one in openings if one not in erased]
    assert all(store.opening(one.commitment) == one for one in kept)


def test_a_forgotten_opening_is_in_no_file(store: SqliteStore, tmp_path: Path) -> None:
    for number in range(20):
        store.submit(pending(number))
    append(store, [leaf(number) for number in range(20)])
    store.forget_openings(lambda commitment: commitment != opening(7).commitment)
    after = _bytes_of(tmp_path)
    assert not any(part in after for part in _parts(opening(7).payload))
    assert _parts(opening(8).payload)[0] in after


def test_an_orphan_of_a_crash_goes_at_the_next_start(tmp_path: Path) -> None:
    with make(tmp_path / "group") as store:
        # As after a crash between the two files: openings are synced before the entry's transaction.
        store._openings.add([opening(1), opening(2)])
        store.submit(pending(3))
        append(store, [leaf(0)], openings=[opening(4)])
    with reopen(tmp_path / "group") as store:
        needed = {opening(2).commitment, opening(4).commitment}
        store.forget_openings(needed.__contains__)
        assert [store.opening(opening(n).commitment) is not None for n in range(1, 5)] == [False, True, True, True]
    assert _parts(opening(1).payload)[0] not in _bytes_of(tmp_path)


def test_an_erasure_that_a_crash_interrupted_is_finished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with make(tmp_path / "group") as store:
        append(store, [leaf(0)], openings=[opening(1)])
        monkeypatch.setattr(store, "_finish", lambda: None)  # the process dies after the commit in log.db
        append(store, [b"erasure"], erased=[opening(1).commitment])
        assert store.opening(opening(1).commitment) is not None
    with reopen(tmp_path / "group") as store:
        store.forget_openings(lambda commitment: False)
        assert store.opening(opening(1).commitment) is None
    assert _parts(opening(1).payload)[0] not in _bytes_of(tmp_path)


def test_after_a_release_no_promise_and_no_second_copy_of_a_leaf_is_left(store: SqliteStore, tmp_path: Path) -> None:
    for number in range(MANY):
        store.submit(pending(number))
    leaves = shuffled(leaf(number) for number in range(MANY))
    assert _bytes_of(tmp_path).count(pending(5).promise) >= 1
    append(store, [b"batch", *leaves])
    after = _bytes_of(tmp_path)
    for number in range(MANY):
        assert after.count(leaf(number)[:16]) == 1
        assert not any(part in after for part in _parts(pending(number).promise))
    assert (tmp_path / "group" / "log.db-wal").stat().st_size == 0
    assert (tmp_path / "group" / "openings.db-wal").stat().st_size == 0
    # Where they lie in the file follows the log's order, which was drawn.
    at = [after.index(one[:16]) for one in leaves]
    assert _inversions(at) < 0.1


def _inversions(values: list[int]) -> float:
    """The share of pairs in falling order: 0 for a sorted list, about a half for one that has nothing to do with it."""
    pairs = [(a, b) for i, a in enumerate(values) for b in values[i + 1 :]]
    return sum(a > b for a, b in pairs) / len(pairs)


def _places(folder: Path, marks: list[bytes]) -> list[int]:
    data = _bytes_of(folder)
    assert all(data.count(mark) == 1 for mark in marks)
    return [data.index(mark) for mark in marks]


@pytest.mark.parametrize("what", ["spent", "stub", "commitment", "salt"])
def test_where_a_mark_lies_does_not_follow_when_it_came(tmp_path: Path, what: str) -> None:
    with make(tmp_path / "group") as store:
        came = range(MANY)
        half = MANY // 2
        for number in came[:half]:
            store.submit(_only(number, what))
        append(store, shuffled(leaf(number) for number in came[:half]))
        for number in came[half:]:
            store.submit(_only(number, what))
        append(store, shuffled(leaf(number) for number in came[half:]))
        places = _places(tmp_path, [_mark(number, what) for number in came])
    for part in (places[:half], places[half:]):
        assert 0.4 < _inversions(part) < 0.6
    if what == "spent":
        # Not even to which release it belongs: that would link a person to a batch of rows.
        assert 0.4 < _inversions(places) < 0.6


def test_where_a_mark_lies_before_the_release_does_follow_it(store: SqliteStore, tmp_path: Path) -> None:
    # The reason for the test above, and the limit of what is promised: a page keeps rows as they came.
    for number in range(40):
        store.submit(_only(number, "spent"))
    store._log.tidy()
    places = _places(tmp_path, [_mark(number, "spent") for number in range(40)])
    assert _inversions(places) > 0.9


def test_what_is_held_back_is_written_anew_at_each_release(store: SqliteStore, tmp_path: Path) -> None:
    came = range(60)
    for number in came:
        store.submit(pending(number))
    append(store, [leaf(came[0])])
    places = _places(tmp_path, [pending(number).promise for number in came[1:]])
    assert 0.3 < _inversions(places) < 0.7


def _only(number: int, what: str) -> Pending:
    full = pending(number)
    return dataclasses.replace(
        full,
        claims=full.claims[1:] if what == "stub" else (),
        spent=full.spent if what == "spent" else None,
        openings=full.openings if what in ("commitment", "salt") else (),
    )


def _mark(number: int, what: str) -> bytes:
    full = pending(number)
    marks = {
        "spent": full.spent or b"",
        "stub": full.claims[1],
        "commitment": opening(number).commitment,
        "salt": opening(number).salt,
    }
    return marks[what]


def test_no_column_of_any_table_could_hold_a_time_or_an_order(store: SqliteStore) -> None:
    columns = {}
    for connection in (store._log._connection, store._openings._connection):
        for table, sql in connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'table'"):
            names = [name for (name,) in connection.execute("SELECT name FROM pragma_table_info(?)", (table,))]
            columns[table] = names
            # A row number is a number of arrival; only the log itself and its one head have one.
            assert ("WITHOUT ROWID" in sql) == (table not in ("entries", "head"))
    assert columns == {
        "entries": ["idx", "hash", "leaf"],
        "head": ["id", "size", "root", "note"],
        "pending": ["hash", "leaf", "promise", "commitments"],
        "pending_claims": ["key", "hash"],
        "pending_spent": ["h"],
        "claimed": ["key"],
        "spent": ["h"],
        "openings": ["c", "salt", "payload"],
        "fresh": ["c", "salt", "payload"],
    }


def test_pending_leaves_come_by_hash(store: SqliteStore) -> None:
    for number in range(20):
        store.submit(pending(number))
    assert store.pending() == sorted((leaf(number) for number in range(20)), key=leaf_hash)
