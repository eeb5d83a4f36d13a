"""What is PostgreSQL's own: what the database forbids, what is refused at start, several processes on one record."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from ruban.errors import FormatError, HeadMoved, StoreCorrupt, StoreError, TagReused
from ruban.log.merkle import leaf_hash
from ruban.store.ports import Head
from ruban.store.postgres import PostgresStore
from ruban.store.postgres_connection import connect
from tests.postgres_server import Postgres, running
from tests.store.group_log import append, leaf, note_after, opening, pending
from tests.store.kinds import InPostgres


@pytest.fixture
def kind(postgres: Postgres) -> InPostgres:
    return InPostgres(postgres)


@pytest.fixture
def filled(kind: InPostgres) -> InPostgres:
    with kind.make() as store:
        store.submit(pending(1))
        store.submit(pending(2))
        append(store, [leaf(1)], released=[leaf_hash(leaf(1))])
        append(store, [leaf(3)], openings=[opening(9)])
        store.submit(pending(10))
    return kind


def run(kind: InPostgres, *statements: str) -> None:
    with connect(kind.server.address, kind.schema) as connection:
        for statement in statements:
            connection.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM entries WHERE idx = 1",
        "DELETE FROM entries",
        "TRUNCATE entries",
        "UPDATE entries SET leaf = '\\x00' WHERE idx = 0",
        "INSERT INTO entries VALUES (0, '\\x00', '\\x00')",
        "INSERT INTO entries VALUES (3, '\\x00', '\\x00')",
        "INSERT INTO entries VALUES (2, '\\x00', '\\x00'), (4, '\\x00', '\\x00')",
        "INSERT INTO entries VALUES (-1, '\\x00', '\\x00')",
        "DELETE FROM claimed",
        "TRUNCATE claimed",
        "UPDATE claimed SET key = '\\x00'",
        "DELETE FROM spent",
        "TRUNCATE spent",
        "UPDATE spent SET h = '\\x00'",
        "DELETE FROM head",
        "TRUNCATE head",
        "INSERT INTO head VALUES (2, 9, '\\x00', '\\x00')",
        "UPDATE head SET size = 1",
        "UPDATE head SET root = '\\x00'",
        "UPDATE head SET id = 2",
    ],
)
def test_the_database_itself_forbids_what_would_fork_or_forget(filled: InPostgres, statement: str) -> None:
    with pytest.raises(psycopg.errors.IntegrityError):
        run(filled, statement)
    with filled.reopen() as store:
        assert list(store.entries()) == [leaf(1), leaf(3)]


def test_the_database_allows_what_a_log_does(filled: InPostgres) -> None:
    # The other half of the test above: the same statements in their allowed form.
    run(
        filled,
        "INSERT INTO entries VALUES (2, '\\x00', '\\x00'), (3, '\\x00', '\\x00')",
        "UPDATE head SET size = 4, root = '\\x00'",
        "UPDATE head SET note = '\\x00'",
        "INSERT INTO spent VALUES ('\\x00')",
    )


@pytest.mark.parametrize(
    ("field", "statement"),
    [
        ("entry 1", "UPDATE entries SET leaf = '\\x00' WHERE idx = 1"),
        ("entry 1", "UPDATE entries SET hash = '\\x00' WHERE idx = 1"),
        ("entry 0", "DELETE FROM entries WHERE idx = 0"),
        ("head", "DELETE FROM entries WHERE idx = 1"),
        ("head", "DELETE FROM head"),
        ("head", "UPDATE head SET size = 1"),
        ("head", "UPDATE head SET root = sha256('')"),
        ("head note", "UPDATE head SET note = ''"),
        ("pending entry", "UPDATE pending SET leaf = '\\x00'"),
        ("database", "UPDATE store SET version = 2"),
        ("database", "DELETE FROM store"),
    ],
)
def test_a_store_that_was_changed_is_refused(filled: InPostgres, field: str, statement: str) -> None:
    run(filled, "SET session_replication_role = replica", statement)
    with pytest.raises(StoreCorrupt) as caught:
        filled.reopen()
    assert caught.value.field == field


def test_a_store_is_made_once(filled: InPostgres) -> None:
    with pytest.raises(StoreError, match="a schema without a group"):
        filled.make()
    with pytest.raises(StoreError, match="a schema with a record"):
        PostgresStore.open(filled.server.address, "nowhere")
    with pytest.raises(FormatError):
        PostgresStore.open(filled.server.address, 'x"; DROP SCHEMA public')


@pytest.mark.parametrize(
    ("name", "value"), [("fsync", "off"), ("full_page_writes", "off"), ("track_commit_timestamp", "on")]
)
def test_a_server_with_an_unsafe_setting_is_refused_with_what_to_do(name: str, value: str) -> None:
    with running(settings={name: value}) as server:
        with pytest.raises(StoreError) as caught:
            PostgresStore.create(server.address, "ruban")
        assert (caught.value.field, caught.value.got) == (name, value)
        assert "postgresql.conf" in (caught.value.hint or "")


def test_commits_that_do_not_wait_for_the_disk_are_refused(postgres: Postgres) -> None:
    with pytest.raises(StoreError, match="synchronous_commit"):
        PostgresStore.create(f"{postgres.address}&options=-csynchronous_commit%3Doff", "ruban")


def test_a_server_that_does_not_answer_is_told_without_its_password(postgres: Postgres) -> None:
    with pytest.raises(StoreError) as caught:
        PostgresStore.open(f"postgresql://ruban:hunter2@/postgres?host={postgres.folder}/nowhere", "ruban")
    assert "hunter2" not in f"{caught.value!r} {caught.value.__cause__!r} {caught.value.hint}"
    assert caught.value.hint


@pytest.fixture
def pair(kind: InPostgres) -> Iterator[tuple[PostgresStore, PostgresStore]]:
    """Two processes' stores, as far as the database can tell."""
    with (
        PostgresStore.create(kind.server.address, kind.schema) as one,
        PostgresStore.open(kind.server.address, kind.schema) as other,
    ):
        yield one, other


def test_each_process_sees_what_the_other_took(pair: tuple[PostgresStore, PostgresStore]) -> None:
    one, other = pair
    one.submit(pending(1))
    assert other.submit(dataclasses.replace(pending(1), promise=b"another")).promise == pending(1).promise
    with pytest.raises(TagReused):
        other.submit(dataclasses.replace(pending(2), spent=None, claims=pending(1).claims))
    append(other, [leaf(1)])
    assert one.head() == other.head()
    assert one.pending() == []
    append(one, [leaf(2)])
    append(other, [leaf(3)])
    assert list(one.entries()) == [leaf(1), leaf(2), leaf(3)]


def test_of_two_processes_that_append_after_one_head_one_has_lost(pair: tuple[PostgresStore, PostgresStore]) -> None:
    one, other = pair
    barrier = threading.Barrier(2)

    def rush(store: PostgresStore, head: Head, number: int) -> bool:
        note = note_after(store, [leaf(number)])
        barrier.wait()
        try:
            store.append(head, [leaf(number)], note)
        except HeadMoved:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        for number in range(20):
            head = one.head()
            assert sorted(pool.map(rush, pair, (head, head), (number, number))) == [False, True]
    assert list(other.entries()) == [leaf(number) for number in range(20)]


def test_of_many_in_two_processes_that_race_for_one_claim_one_wins(pair: tuple[PostgresStore, PostgresStore]) -> None:
    barrier = threading.Barrier(16)

    def rush(number: int) -> bool:
        barrier.wait()
        try:
            pair[number % 2].submit(dataclasses.replace(pending(number), claims=(b"the tag",)))
        except TagReused:
            return False
        return True

    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(rush, range(16))) == 1


def test_a_release_leaves_no_order_of_arrival_in_the_tables(kind: InPostgres) -> None:
    numbers = range(60)
    with kind.make() as store:
        for number in numbers:
            store.submit(pending(number))
        append(store, sorted(leaf(number) for number in numbers if number % 3))
    with connect(kind.server.address, kind.schema) as connection:
        for table, key in (
            ("pending", "hash"),
            ("pending_claims", "key"),
            ("spent", "h"),
            ("fresh", "c"),
            ("openings", "c"),
        ):
            rows = connection.execute(f"SELECT {key}, xmin::text FROM {table} ORDER BY ctid").fetchall()
            assert rows == sorted(rows)
            assert len({transaction for _, transaction in rows}) == 1
        assert connection.execute("SELECT count(*) FROM pending_spent").fetchall() == [(0,)]


def test_an_erased_payload_is_in_no_table_file(kind: InPostgres, postgres: Postgres) -> None:
    erased, kept = opening(1, 3000), opening(2, 3000)
    with kind.make() as store:
        append(store, [leaf(1)], openings=[erased, kept])
        run(kind, "CHECKPOINT")
        assert _in_files(postgres, erased.payload)
        append(store, [b"erasure"], erased=[erased.commitment])
        assert store.opening(erased.commitment) is None
    run(kind, "CHECKPOINT")
    assert not _in_files(postgres, erased.payload)
    assert _in_files(postgres, kept.payload)


def _in_files(server: Postgres, payload: bytes) -> bool:
    """Whether a part of it stands in a table's file. The journal is another matter: docs/limitations.md."""
    files = [path for path in (server.folder / "data" / "base").rglob("*") if path.is_file()]
    return any(payload[1000:1032] in path.read_bytes() for path in files)


def test_a_lost_connection_stops_the_store_until_the_next_start(filled: InPostgres) -> None:
    with filled.reopen() as store:
        run(filled, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
        with pytest.raises(StoreError):
            store.submit(pending(20))
        for refused in (store.head, store.pending, lambda: store.submit(pending(21))):
            with pytest.raises(StoreError):
                refused()
    with filled.reopen() as store:
        assert leaf(10) in store.pending()
