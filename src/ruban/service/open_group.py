"""Begin a group: its keys, its store, and entry 0 of its record; or open the folder of one that exists."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from ruban.errors import CheckpointInvalid, FormatError, Message, RubanError, StoreCorrupt, StoreError
from ruban.log.checkpoint import open_checkpoint
from ruban.log.merkle import leaf_hash
from ruban.log.note import parse_note
from ruban.log.receipt import open_promise
from ruban.primitives.ed25519 import public_key
from ruban.record.commitment import commit_line
from ruban.record.entry import with_signatures
from ruban.record.replay import permit
from ruban.record.rules.group import MINIMUM, REHEARSAL_MINIMUM, is_loopback
from ruban.record.state import State
from ruban.service.enrol import repair_desk
from ruban.service.freeze import MARK, freeze_unless
from ruban.service.keeper import Keeper
from ruban.service.move_away import moved_at
from ruban.service.release import forget_names
from ruban.store.high_water import HighWater
from ruban.store.keys import discard_keys, fresh_keys, has_keys, load_keys, save_keys
from ruban.store.place import Database, create_store, database_of, has_record, name_database, open_desk, open_store
from ruban.store.ports import Head
from ruban.store.sqlite import LOG_FILE

DEFAULT_WINDOW_SECONDS = 900
GROUP = "group"
DEFAULT_SLOTS = 32
TAKEN_PATHS = frozenset(
    {
        *("organiser", "static", "en", "fr", "letters", "enrol", "device", "count", "submit", "invitation"),
        *("checkpoint", "tile", "payloads", "roll", "proof", "tags", "policy", "dispute"),
    }
)
"""First words of addresses that a server has whatever its group is called: the group's own would lead there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewGroup:
    """What an organiser says of a group: who may sign, how many they are, and since when that is known."""

    origin: str
    title: str
    organisers: tuple[str, ...]
    electorate: int
    electorate_date: str
    electorate_source: str
    quorum: int = 1
    slots: int = DEFAULT_SLOTS
    window: int = DEFAULT_WINDOW_SECONDS
    roles: tuple[str, ...] = ()
    rehearsal: bool = False


def open_group(folder: Path, group: NewGroup, now: int, database: Database | None = None) -> Keeper:
    """Make the folder of a new group, with its keys (0600), and its log there or in `database`; return its keeper.

    FormatError or RuleBroken if the record's rules do not allow such a group; StoreError if the folder has one already.
    Nothing is left behind then. What an interrupted making left is replaced: its keys have signed nothing.
    """
    log, key_folder = folder / LOG_FILE, folder / "keys"
    # Keys without a log may be those of a record that lies elsewhere. A making that was cut short has an empty log.
    has_log = database_of(folder) is not None or (log.exists() and log.stat().st_size > 0)
    mark = HighWater(key_folder)
    if has_keys(key_folder) and (mark.read() is not None or not has_log):
        raise StoreError(
            "folder",
            Message("one without keys"),
            Message("keys, but no record"),
            hint=Message("If the record lies elsewhere, put it back beside its keys; else choose another folder."),
        )
    word = group.origin.partition("/")[2].partition("/")[0]
    if word in TAKEN_PATHS:
        raise FormatError(
            "origin",
            Message("a path that no server has for pages of its own"),
            f"/{word}",
            hint=Message("Choose another word after the host: it cannot be changed later."),
        )
    if has_record(folder) and database_of(folder) != database:
        raise StoreError("folder", Message("one without a group"), Message("a group's folder"))
    if not group.organisers:
        raise FormatError("organisers", Message("one name or more"), Message("none"))
    title, source = commit_line("title", group.title), commit_line("source", group.electorate_source)
    names = [commit_line("organiser", name) for name in group.organisers]
    keys = fresh_keys(len(group.organisers))
    public = [public_key(seed) for seed in keys.organiser_seeds]
    data = {
        "kind": "group.opened",
        "v": 1,
        "origin": group.origin,
        "log_key": public_key(keys.log_seed).hex(),
        "receipt_key": public_key(keys.receipt_seed).hex(),
        "title": title.commitment.hex(),
        "organisers": [
            {"key": key.hex(), "name": name.commitment.hex()} for key, name in zip(public, names, strict=True)
        ],
        "quorum": group.quorum,
        "electorate": group.electorate,
        "electorate_date": group.electorate_date,
        "electorate_source": source.commitment.hex(),
        "slots": group.slots,
        "window": group.window,
        "minimum": _minimum(group),
        "ways_in": ["invitation"],
        "roles": list(group.roles),
        "predecessor": None,
        "rehearsal": group.rehearsal,
        "at": now,
    }
    entry = with_signatures(group.origin, data, keys.organiser_seeds, public)
    # Before anything is written: what the rules refuse leaves nothing behind.
    permit(State(), entry)
    with ExitStack() as opened:
        store = create_store(folder, database)
        opened.callback(store.close)
        name_database(folder, database)
        discard_keys(key_folder)
        save_keys(key_folder, keys)
        desk = open_desk(folder, database)
        opened.callback(desk.close)
        keeper = Keeper(store, keys, desk, mark=mark)
        keeper.append([entry.leaf], openings=[title, source, *names])
        opened.pop_all()
    return keeper


def _minimum(group: NewGroup) -> int:
    if group.window == 0 and is_loopback(group.origin):
        return 1
    return REHEARSAL_MINIMUM if group.rehearsal else MINIMUM


def group_folder(data: Path) -> Path:
    """Where the group of a data folder lies: in it, as `ruban group open` makes it, or in `group`, as the pages do."""
    return data if has_record(data) or has_keys(data / "keys") else data / GROUP


def open_keeper(folder: Path) -> Keeper:
    """The keeper of an existing group: everything re-derived and replayed, half-done work finished.

    A record that is shorter than these keys have signed, or another, is frozen: see `freeze`. StoreLocked if another
    process has it; StoreCorrupt if what is on disk does not give the signed head.
    """
    if not has_record(folder):
        raise StoreError(
            "folder",
            Message("a group's folder"),
            Message("one without a group"),
            hint=Message("Open a group first: ruban group open."),
        )
    with ExitStack() as opened:
        store = open_store(folder)
        opened.callback(store.close)
        mark = HighWater(folder / "keys")
        signed = mark.read()
        if store.head().size == 0:
            raise StoreError(
                "folder",
                Message("a group's folder"),
                Message("one whose making was interrupted"),
                hint=Message("Open the group again: ruban group open."),
            )
        keys = load_keys(folder / "keys")
        _check_note(store.head(), public_key(keys.log_seed))
        desk = open_desk(folder, database_of(folder))
        opened.callback(desk.close)
        keeper = Keeper(store, keys, desk, mark=mark, moved=moved_at(folder))
        keeper.catch_up()
        _check_promises(keeper)
        # What an older log does not need may belong to the entries that are missing.
        if signed is None or not freeze_unless(keeper, signed, MARK):
            forget_names(keeper)
        repair_desk(keeper)
        desk.tidy()
        opened.pop_all()
    return keeper


def open_to_adopt(folder: Path) -> Keeper:
    """The keeper of a group whose record may be lost: where its keys alone are left, over an empty log."""
    key_folder = folder / "keys"
    if has_record(folder) and not _is_empty(folder):
        return open_keeper(folder)
    if not has_keys(key_folder):
        raise StoreError(
            "folder",
            Message("a group's folder, or one with its keys"),
            Message("neither"),
            hint=Message("Put the group's keys back first: without them nobody can go on with its record."),
        )
    keys = load_keys(key_folder)
    with ExitStack() as opened:
        store = create_store(folder, database_of(folder))
        opened.callback(store.close)
        desk = open_desk(folder, database_of(folder))
        opened.pop_all()
    return Keeper(store, keys, desk, mark=HighWater(key_folder))


def _is_empty(folder: Path) -> bool:
    """Whether a making, or an adoption, was cut short before its first entry."""
    store = open_store(folder)
    try:
        return store.head().size == 0
    finally:
        store.close()


def _check_promises(keeper: Keeper) -> None:
    """StoreCorrupt unless each entry that waits has the promise that was given for it."""
    group = keeper.state.opened
    for leaf in keeper.store.pending():
        hashed = leaf_hash(leaf)
        try:
            promise = open_promise(keeper.store.promise(hashed) or b"", group.origin, group.receipt_key)
        except RubanError as wrong:
            raise StoreCorrupt("record", Message("a promise that this group has signed"), str(wrong)) from wrong
        if promise.leaf_hash != hashed:
            raise StoreCorrupt("record", hashed.hex(), promise.leaf_hash.hex())


def _check_note(head: Head, log_key: bytes) -> None:
    """The head's note is a checkpoint of exactly that head, signed by the log's key."""
    origin = parse_note(head.note).text.split("\n")[0]
    try:
        checkpoint = open_checkpoint(head.note, origin, log_key)
    except CheckpointInvalid as wrong:
        raise StoreCorrupt("checkpoint", Message("one signed by this group's key"), Message("another")) from wrong
    if (checkpoint.size, checkpoint.root) != (head.size, head.root):
        raise StoreCorrupt("checkpoint", Message("size and root of the head"), Message("others"))
