"""What must not be left in any file: an erased payload, and the order in which anything came."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from ruban.log.merkle import leaf_hash
from ruban.primitives.randomness import shuffled
from ruban.record.commitment import Opening
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
    store.forget_openings(lambda commitment: commitment != opening(7).commitment, store.head().size)
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
        store.forget_openings(needed.__contains__, store.head().size)
        assert [store.opening(opening(n).commitment) is not None for n in range(1, 5)] == [False, True, True, True]
    assert _parts(opening(1).payload)[0] not in _bytes_of(tmp_path)


def test_an_erasure_that_a_crash_interrupted_is_finished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with make(tmp_path / "group") as store:
        append(store, [leaf(0)], openings=[opening(1)])
        monkeypatch.setattr(store, "_finish", lambda: None)  # the process dies after the commit in log.db
        append(store, [b"erasure"], erased=[opening(1).commitment])
        assert store.opening(opening(1).commitment) is not None
    with reopen(tmp_path / "group") as store:
        store.forget_openings(lambda commitment: False, store.head().size)
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


PAGE_BYTES = 4096


def _layout(folder: Path, marks: list[bytes]) -> set[tuple[bytes, ...]]:
    """For every page that holds some of these marks: which, and in which order they lie there."""
    data = b"".join(path.read_bytes() for path in sorted(folder.iterdir()))
    assert all(data.count(mark) == 1 for mark in marks)
    pages: dict[int, list[bytes]] = {}
    for mark in sorted(marks, key=data.index):
        pages.setdefault(data.index(mark) // PAGE_BYTES, []).append(mark)
    assert max(len(page) for page in pages.values()) > 10, "too few a page to tell anything"
    return {tuple(page) for page in pages.values()}


def _layout_after(folder: Path, what: str, releases: list[list[int]], held: list[int]) -> set[tuple[bytes, ...]]:
    """Where the marks of submissions lie that came in this order and were released, but for `held`, in these groups."""
    with make(folder) as store:
        for numbers in releases:
            for number in numbers:
                store.submit(_small(number, what))
            leaving = sorted(_small(number, what).leaf for number in numbers if number not in held)
            append(store, leaving)
        marks = [_mark(number, what) for numbers in releases for number in numbers]
        if held:
            marks = [_mark(number, what) for number in held]
        return _layout(folder, marks)


FIRST, SECOND, BOTH = list(range(150)), list(range(150, 300)), list(range(300))


@pytest.mark.parametrize("what", ["spent", "stub", "commitment"])
def test_where_a_mark_lies_does_not_tell_when_it_came(tmp_path: Path, what: str) -> None:
    one = _layout_after(tmp_path / "one", what, [FIRST, SECOND], [])
    other = _layout_after(tmp_path / "other", what, [FIRST[::-1], shuffled(SECOND)], [])
    assert one == other


def test_where_a_spent_mark_lies_does_not_even_tell_with_which_release_it_came(tmp_path: Path) -> None:
    # It would link a person to a batch of rows.
    one = _layout_after(tmp_path / "one", "spent", [FIRST, SECOND], [])
    other = _layout_after(tmp_path / "other", "spent", [[n for n in BOTH if n % 3], BOTH[::3]], [])
    assert one == other


@pytest.mark.parametrize("what", ["spent", "stub", "commitment", "leaf"])
def test_where_a_mark_lies_before_the_release_does_tell_when_it_came(tmp_path: Path, what: str) -> None:
    # The reason for the tests around, and the limit of what is promised: a page keeps rows as they came.
    layouts = []
    for name, numbers in (("one", range(60)), ("other", range(59, -1, -1))):
        with make(tmp_path / name) as store:
            for number in numbers:
                store.submit(_small(number, what))
        layouts.append(_layout(tmp_path / name, [_mark(number, what) for number in numbers]))
    assert layouts[0] != layouts[1]


@pytest.mark.parametrize("what", ["stub", "commitment", "leaf"])
def test_where_a_mark_lies_that_was_held_back_does_not_tell_when_it_came(tmp_path: Path, what: str) -> None:
    held = BOTH[5:100]
    one = _layout_after(tmp_path / "one", what, [FIRST], held)
    other = _layout_after(tmp_path / "other", what, [FIRST[::-1]], held)
    assert one == other


def test_a_release_leaves_nothing_of_what_waited_in_pages_that_were_split(store: SqliteStore, tmp_path: Path) -> None:
    # secure_delete overwrites a deleted row, not the copies of it that a split has left in its page.
    sizes = [20, 90, 400, 700, 1500, 3000]
    waiting: list[int] = []
    for release in range(8):
        fresh = range(release * 40, release * 40 + 40)
        for number in fresh:
            store.submit(pending(number, sizes[number * number % 6]))
        waiting = shuffled([*waiting, *fresh])
        leaving, waiting = waiting[:30], waiting[30:]
        append(store, [leaf(number, sizes[number * number % 6]) for number in leaving])
    released = {number for number in range(320) if number not in waiting}
    after = _bytes_of(tmp_path)
    assert not any(part in after for number in released for part in _parts(pending(number).promise))
    assert sum(after.count(pending(number).promise[:16]) for number in waiting) == len(waiting)


def test_an_erasure_leaves_nothing_in_pages_that_were_split(store: SqliteStore, tmp_path: Path) -> None:
    sizes = [24, 40, 100, 400, 1500, 5000]
    draw = random.Random(4)
    gone: list[Opening] = []
    kept: list[Opening] = []
    for step in range(40):
        fresh = [opening(step * 100 + number, draw.choice(sizes)) for number in range(draw.randrange(1, 30))]
        store._openings.add(fresh)
        store._openings.publish([one.commitment for one in fresh])
        kept += fresh
        if step % 2:
            leaving = draw.sample(kept, min(len(kept), draw.randrange(1, 20)))
            kept = [one for one in kept if one not in leaving]
            gone += leaving
            store._openings.erase([one.commitment for one in leaving])
    after = _bytes_of(tmp_path)
    assert not any(part in after for one in gone for part in (one.payload[i : i + 8] for i in range(0, 24, 8)))
    assert all(after.count(one.payload[:16]) == 1 for one in kept)


def _fresh(store: SqliteStore) -> set[bytes]:
    return {c for (c,) in store._openings.connection.execute("SELECT c FROM fresh")}


def test_openings_leave_the_fresh_ones_with_their_entries(store: SqliteStore) -> None:
    for number in range(6):
        store.submit(pending(number))
    append(store, [leaf(0), leaf(1)])
    assert _fresh(store) == {opening(number).commitment for number in range(2, 6)}


def test_openings_whose_release_a_crash_interrupted_leave_the_fresh_ones_at_the_next_start(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(6):
        store.submit(pending(number))
    monkeypatch.setattr(store, "_finish", lambda: None)
    append(store, [leaf(0), leaf(1)])
    assert len(_fresh(store)) == 6
    store.forget_openings(lambda commitment: True, store.head().size)
    assert _fresh(store) == {opening(number).commitment for number in range(2, 6)}


def _small(number: int, what: str) -> Pending:
    """A submission of a few bytes, so that many lie in a page, with the one kind of mark that is looked for."""
    full = pending(number, 24)
    return Pending(
        leaf=full.leaf,
        promise=b"",
        claims=full.claims[1:] if what == "stub" else (),
        spent=full.spent if what == "spent" else None,
        openings=(opening(number, 4),) if what == "commitment" else (),
    )


def _mark(number: int, what: str) -> bytes:
    full = pending(number, 24)
    marks = {
        "spent": full.spent or b"",
        "stub": full.claims[1],
        # The commitment itself stands in the pending row too while it waits.
        "commitment": opening(number, 4).salt,
        "leaf": full.leaf,
    }
    return marks[what]


def test_no_column_of_any_table_could_hold_a_time_or_an_order(store: SqliteStore) -> None:
    columns = {}
    for connection in (store._log.connection, store._openings.connection):
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
