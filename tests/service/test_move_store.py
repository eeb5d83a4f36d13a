"""Moving a record into a database and back: everything goes with it, and nobody opens the old one again."""

from __future__ import annotations

import secrets
from pathlib import Path

import pytest

from ruban.audit.fetch import Source
from ruban.audit.verify import audit
from ruban.errors import Refused, RubanError, StoreCorrupt, StoreError, StoreLocked, TagReused
from ruban.log.merkle import leaf_hash
from ruban.record.member import sign_by_name, sign_unnamed
from ruban.service import move_store as module
from ruban.service.move_store import move_store
from ruban.service.open_group import open_keeper
from ruban.service.publish import publish
from ruban.service.submit import submit
from ruban.store.move import COLUMNS, Movable
from ruban.store.place import DATABASE_FILE, Database, database_of, discard_store
from ruban.store.postgres_connection import connect
from tests.postgres_server import Postgres
from tests.service.cast import Cast, cast_of

PLACES = ["into", "back"]


def recount(record: Source) -> object:
    verdict = audit(record)[0].as_json()
    verdict["proofs"].pop("seconds")
    return verdict


@pytest.fixture
def database(postgres: Postgres) -> Database:
    return Database(postgres.address, f"t_{secrets.token_hex(8)}")


def lived(cast: Cast) -> bytes:
    """A letter with signatures of both ways in the record, and others that wait; the leaf of one that waits."""
    letter = cast.open_letter()
    for member in range(6):
        submit(cast.keeper, sign_unnamed(cast.keeper.state, letter, cast.secrets[member]), cast.now)
    submit(cast.keeper, sign_by_name(cast.keeper.state, letter, cast.secrets[6], cast.name(6)), cast.now)
    cast.release()
    cast.enrol(range(12, 13))
    late = sign_by_name(cast.keeper.state, letter, cast.secrets[7], cast.name(7))
    submit(cast.keeper, late, cast.now)
    return late.leaf


def moved(cast: Cast, to: Database | None) -> module.Moved:
    cast.keeper.close()
    done = move_store(cast.folder, to, recount)
    cast.keeper = open_keeper(cast.folder)
    return done


@pytest.mark.parametrize("direction", PLACES)
def test_the_record_is_the_same_in_its_new_place_and_goes_on_there(
    tmp_path: Path, database: Database, direction: str
) -> None:
    start, end = (None, database) if direction == "into" else (database, None)
    with cast_of(tmp_path, database=start) as cast:
        leaf = lived(cast)
        before, promise = recount(publish(cast.keeper)), cast.keeper.store.promise(leaf_hash(leaf))
        waiting, invitations = cast.keeper.store.pending(), cast.keeper.desk.invitations()
        done = moved(cast, end)
        assert (done.entries, done.pending) == (cast.keeper.state.size, len(waiting)) == (done.entries, 2)
        assert database_of(cast.folder) == end
        assert recount(publish(cast.keeper)) == before
        assert cast.keeper.store.promise(leaf_hash(leaf)) == promise
        assert cast.keeper.store.pending() == waiting
        assert cast.keeper.desk.invitations() == invitations
        letter = next(iter(cast.keeper.state.letters.values()))
        with pytest.raises(TagReused):
            submit(cast.keeper, sign_unnamed(cast.keeper.state, letter, cast.secrets[7]), cast.now)
        cast.release()
        assert cast.keeper.store.pending() == []
        [standing] = cast.verdict().letters
        assert (standing.tally.unnamed, standing.tally.named) == (6, 2)


def test_there_and_back_and_there_again(tmp_path: Path, database: Database) -> None:
    with cast_of(tmp_path) as cast:
        lived(cast)
        size = cast.keeper.state.size
        names = [moved(cast, to).aside for to in (database, None, database, None)]
        assert len(set(names)) == 4
        assert cast.keeper.state.size == size


def test_where_it_lies_already_it_is_not_moved(tmp_path: Path, database: Database) -> None:
    with cast_of(tmp_path) as cast:
        cast.keeper.close()
        with pytest.raises(Refused):
            move_store(cast.folder, None, recount)
        cast.keeper = open_keeper(cast.folder)
        moved(cast, database)
        with pytest.raises(Refused):
            move_store(cast.folder, database, recount)


def test_a_record_that_a_server_has_open_is_not_moved(tmp_path: Path, database: Database) -> None:
    with cast_of(tmp_path) as cast, pytest.raises(StoreLocked):
        move_store(cast.folder, database, recount)


def test_a_database_with_another_record_is_not_written_over(tmp_path: Path, database: Database) -> None:
    with cast_of(tmp_path / "one", database=database) as one, cast_of(tmp_path / "other") as other:
        other.keeper.close()
        with pytest.raises(StoreError):
            move_store(other.folder, database, recount)
        other.keeper = open_keeper(other.folder)
        one.reopen()
        assert one.keeper.state.opened.roll_id != other.keeper.state.opened.roll_id


def test_processes_that_still_have_the_old_schema_open_stop(tmp_path: Path, database: Database) -> None:
    with cast_of(tmp_path, database=database) as cast:
        letter = cast.open_letter()
        left_behind = open_keeper(cast.folder)
        late = sign_unnamed(cast.keeper.state, letter, cast.secrets[0])
        moved(cast, None)
        for _ in range(2):
            with pytest.raises(StoreError):
                submit(left_behind, late, cast.now)
        left_behind.close()
        assert cast.keeper.store.pending() == []


@pytest.mark.parametrize("direction", PLACES)
@pytest.mark.parametrize("step", ["copy", "_compare"])
def test_a_move_that_fails_leaves_the_record_where_it_was_and_no_second_one(
    tmp_path: Path, database: Database, direction: str, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    start, end = (None, database) if direction == "into" else (database, None)
    with cast_of(tmp_path, database=start) as cast:
        lived(cast)
        size = cast.keeper.state.size
        cast.keeper.close()
        real = getattr(module, step)

        def fail(*given: object) -> None:
            real(*given)
            raise StoreCorrupt("store", "the record that was there", "another")

        with monkeypatch.context() as patched:
            patched.setattr(module, step, fail)
            with pytest.raises(StoreCorrupt):
                move_store(cast.folder, end, recount)
        cast.keeper = open_keeper(cast.folder)
        assert cast.keeper.state.size == size
        assert database_of(cast.folder) == start
        if end is None:
            assert not [*cast.folder.glob("log.db*")]
        else:
            with pytest.raises(StoreError):
                connect(end.address, end.schema)
        moved(cast, end)


def test_a_copy_that_lost_something_is_noticed(
    tmp_path: Path, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with cast_of(tmp_path) as cast:
        lived(cast)
        cast.keeper.close()
        for table in ("openings", "fresh", "pending", "pending_claims", "pending_spent", "claimed", "spent"):

            def losing(source: Movable, target: Movable, tell: object, lost: str = table) -> None:
                with target.loading() as load:
                    for name in COLUMNS:
                        if name != lost:
                            load(name, source.rows(name))

            with monkeypatch.context() as patched:
                patched.setattr(module, "copy", losing)
                with pytest.raises(RubanError):
                    move_store(cast.folder, database, recount)
        cast.keeper = open_keeper(cast.folder)


def test_after_a_crash_between_the_two_places_only_one_is_the_record(
    tmp_path: Path, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with cast_of(tmp_path) as cast:
        lived(cast)
        cast.keeper.close()
        with monkeypatch.context() as patched:
            patched.setattr("ruban.store.sqlite.set_aside", crash)
            with pytest.raises(KeyboardInterrupt):
                move_store(cast.folder, database, recount)
        assert (cast.folder / "log.db").exists()
        cast.keeper = open_keeper(cast.folder)
        assert database_of(cast.folder) == database
        # And back: the files that were left are no record, and are set aside.
        done = moved(cast, None)
        assert done.entries == cast.keeper.state.size
        assert not (cast.folder / DATABASE_FILE).exists()
        assert len([*cast.folder.glob("moved-*/log.db")]) == 1


def test_what_is_discarded_is_gone(tmp_path: Path, database: Database) -> None:
    with cast_of(tmp_path, database=database):
        pass
    discard_store(tmp_path / "group", database)
    with pytest.raises(StoreError):
        open_keeper(tmp_path / "group")
