"""Move a group's record from its folder into a database, or back: copied, audited on both ends, and only then used."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from ruban.errors import Message, Refused, StoreCorrupt
from ruban.service.keeper import Keeper
from ruban.service.open_group import open_keeper
from ruban.service.publish import publish
from ruban.store.desk import Invitation
from ruban.store.export import PublishedStore
from ruban.store.keys import Keys
from ruban.store.move import Movable, copy, digests
from ruban.store.place import (
    Database,
    create_store,
    database_of,
    discard_store,
    name_database,
    open_desk,
    open_store_at,
)
from ruban.store.sqlite import LOG_FILE, set_aside

Recount = Callable[[PublishedStore], object]
AUDITING, COMPARING = Message("recount it where it is"), Message("recount it where it will be")


@dataclass(frozen=True, slots=True)
class Moved:
    """What was moved, and where the old record lies, which nobody opens any more."""

    entries: int
    pending: int
    aside: str


def move_store(
    folder: Path, database: Database | None, recount: Recount, tell: Callable[[str], None] = lambda _: None
) -> Moved:
    """Move the record of the group in `folder` into `database`, or with None into the folder.

    `recount` is an auditor's whole look at a published record; what it returns must be equal on both ends. Nobody can
    write meanwhile. The old record stays where it was until the new one has been recounted to the same verdict, and is
    then set aside. Refused if it lies there already; StoreError, StoreCorrupt: then it is where it was.
    """
    if database_of(folder) == database:
        raise Refused("store", Message("another place"), Message("the one where the record lies"))
    with ExitStack() as opened:
        source = open_keeper(folder)
        opened.callback(source.close)
        held = opened.enter_context(ExitStack())
        store = source.store
        held.enter_context(store.held())  # type: ignore[attr-defined]  # what `open_keeper` opens can be moved
        source.catch_up()
        tell(AUDITING)
        before = _looked_at(source, recount)
        if database is None and (folder / LOG_FILE).exists():
            # Of a move that was cut short: while the folder names a database, its own files are no record.
            set_aside(folder)
        target = create_store(folder, database)
        try:
            _fill(target, folder, database, source, tell)
            tell(COMPARING)
            _compare(folder, database, source.keys, before, recount)
        except BaseException:
            # What is set aside would hold names and texts that nobody knows of.
            discard_store(folder, database)
            raise
        source.desk.close()
        moved = source.state.size, len(store.pending())
        if database is not None:
            # The folder's own files are not looked at from here on, whatever happens before they are set aside.
            name_database(folder, database)
        aside = store.retire()  # type: ignore[attr-defined]
        held.close()
        if database is None:
            name_database(folder, None)
    return Moved(*moved, aside=aside)


def _fill(
    target: Movable, folder: Path, database: Database | None, source: Keeper, tell: Callable[[str], None]
) -> None:
    try:
        copy(source.store, target, tell)  # type: ignore[arg-type]
    finally:
        target.close()
    desk = open_desk(folder, database)
    try:
        desk.add_invitations(source.desk.invitations())
    finally:
        desk.close()


def _compare(folder: Path, database: Database | None, keys: Keys, before: _Seen, recount: Recount) -> None:
    with ExitStack() as opened:
        store = open_store_at(folder, database)
        opened.callback(store.close)
        desk = open_desk(folder, database)
        opened.callback(desk.close)
        target = Keeper(store, keys, desk)
        target.catch_up()
        if _looked_at(target, recount) != before:
            raise StoreCorrupt("store", Message("the record that was there"), Message("another"))


@dataclass(frozen=True, slots=True)
class _Seen:
    """All that two ends of a move must agree on."""

    verdict: object
    tables: dict[str, str]
    invitations: tuple[Invitation, ...]


def _looked_at(keeper: Keeper, recount: Recount) -> _Seen:
    store: Movable = keeper.store  # type: ignore[assignment]  # what is opened from a folder can be moved
    with store.held():
        tables = digests(store)
    return _Seen(recount(publish(keeper)), tables, tuple(keeper.desk.invitations()))
