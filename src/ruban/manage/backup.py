"""`ruban backup` and `ruban restore`: the record in a file of its own, and back, so that it never forks."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from ruban.cli.boundary import WrongUse
from ruban.cli.command import command
from ruban.cli.places import open_place, refuse_to_overwrite
from ruban.cli.terminal import Terminal
from ruban.errors import Message, Refused, StoreError
from ruban.errors import Message as _
from ruban.manage.control import ask_server
from ruban.manage.folder import data_option, keeper_in, now
from ruban.manage.log import recounted
from ruban.service.adopt import adopt
from ruban.service.backup import Backup, back_up, back_up_keys, put_back, put_keys_back
from ruban.service.keeper import Keeper
from ruban.service.open_group import group_folder, open_keeper
from ruban.service.release import release
from ruban.store.high_water import HighWater
from ruban.store.keys import has_keys
from ruban.store.place import database_of
from ruban.web.composition import set_up_django
from ruban.web.configuration import Configuration, load_configuration
from ruban.web.elsewhere import ask_elsewhere
from ruban.web.private_tables import beside_record, has_tables, places_beside_record
from ruban.web.site import Site

_DATED = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{6}Z\.ruban")


@command(
    "backup",
    help=_(
        "Write the record with its texts, invitations and drafts to FILE, while the server runs or not; never the keys,"
        " which --keys writes to a file of their own."
    ),
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--keys", is_flag=True, help=_("Write the keys instead. Once; keep them apart from the other backups."))
@click.option("--force", is_flag=True, help=_("Replace the file if it is there."))
@click.option(
    "--keep",
    type=click.IntRange(1, 10_000),
    help=_("FILE is a folder: write a file named after the time into it, and keep the newest so many of these."),
)
@data_option
@click.pass_obj
def backup(terminal: Terminal, file: Path, keys: bool, force: bool, keep: int | None, data: Path) -> None:
    folder = file
    if keep is not None:
        if keys:
            raise WrongUse(Message("Keys are written once, to a file of their own."), hint=Message("Without --keep."))
        if not folder.is_dir():
            raise WrongUse(
                Message("{file} is no folder.", file=str(file)), hint=Message("Make it, for its user alone.")
            )
        file = folder / dated_name(now())
    elif file.is_dir():
        raise WrongUse(Message("{file} is a folder.", file=str(file)), hint=Message("Name a file, or say --keep N."))
    refuse_to_overwrite(str(file), force)
    if keys:
        back_up_keys(group_folder(data) / "keys", file)
        terminal.say(
            Message("The keys are in {file}. Whoever has it can sign as this group: keep it offline.", file=str(file))
        )
        terminal.emit_json({"keys": str(file)})
        return
    done = write_file(terminal, data, "backup", file, lambda keeper: back_up(keeper, file, beside_record(data)))
    terminal.say(
        Message(
            "{n:,} entries and {waiting:,} that wait are in {file}; the keys are not.",
            n=done.entries,
            waiting=done.waiting,
            file=str(file),
        )
    )
    if keep is not None:
        # After the new one is there, whole.
        for old in dated_backups(folder)[keep:]:
            old.unlink()
    terminal.emit_json({"entries": done.entries, "waiting": done.waiting, "file": str(file)})


def dated_name(at: int) -> str:
    """The name of a backup made at this moment: as text they sort by time."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H%M%SZ.ruban")


def dated_backups(folder: Path) -> list[Path]:
    """The backups that `--keep` wrote into a folder, newest first; nothing else that lies there."""
    return sorted((path for path in folder.iterdir() if _DATED.fullmatch(path.name)), reverse=True)


def write_file(terminal: Terminal, data: Path, what: str, file: Path, write: Callable[[Keeper], Backup]) -> Backup:
    """Have a server that runs write `file` right after its next release, or do so here, with `write`."""
    # Relative to where the command was given, which is not where the server stands.
    request = {"do": what, "to": os.path.abspath(file)}
    done = ask_server(data, request, lambda said: _tell_wait(terminal, said))
    return _write_here(data, write) if done is None else Backup(done["entries"], done["waiting"])


def _tell_wait(terminal: Terminal, said: dict[str, Any]) -> None:
    until = said.get("wait_until")
    seconds = max(0, until - now()) if isinstance(until, int) else 0
    terminal.note(
        Message(
            "The server makes it right after its next release, in {n:,} seconds: before, it would tell what came when.",
            n=seconds,
        )
    )


def _write_here(data: Path, write: Callable[[Keeper], Backup]) -> Backup:
    """What `write` makes of a group whose server does not run, right after a release."""
    database = database_of(group_folder(data))
    if database is not None and has_tables(data, database):
        # Its private tables lie there as well, and Django reads them.
        set_up_django(load_configuration(os.environ, data=data))
    with keeper_in(data) as keeper:
        if keeper.frozen is None and keeper.moved is None:
            release(keeper, now())
        try:
            return write(keeper)
        except OSError as error:
            raise StoreError("backup", Message("a file that can be written"), error.strerror or "") from error


@command(
    "restore",
    help=_(
        "Put a backup back, and check it against what these keys have signed. A record that is there is set aside. Stop"
        " the server first."
    ),
)
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--keys", type=click.Path(path_type=Path, exists=True, dir_okay=False), help=_("Put these keys back too.")
)
@click.option("--copy", help=_("A newer copy of the record to take the rest from: a bundle, a folder or an address."))
@click.option(
    "--nothing-newer",
    is_flag=True,
    help=_("You know that nothing was published after this backup was made."),
)
@data_option
@click.pass_obj
def restore(
    terminal: Terminal, file: Path, keys: Path | None, copy: str | None, nothing_newer: bool, data: Path
) -> None:
    configuration = load_configuration(os.environ, data=data)
    folder = group_folder(data)
    mark = HighWater(folder / "keys")
    if keys is None and not has_keys(folder / "keys"):
        raise WrongUse(
            Message("There are no keys in {folder}.", folder=str(folder / "keys")),
            hint=Message("Name the file with the keys: --keys FILE. Without them nobody can go on with the record."),
        )
    if mark.read() is None and copy is None and not nothing_newer:
        raise Refused(
            "restore",
            Message("something that knows the newest checkpoint"),
            Message("keys without their mark"),
            hint=Message(
                "Name a newer copy with --copy (a bundle, or the address of a mirror). If nothing was published since"
                " this backup, say so with --nothing-newer: to sign on from an old one would make two records of one."
            ),
        )
    if keys is not None:
        put_keys_back(keys, folder / "keys")
    put_back_and_compare(terminal, configuration, file, copy)


def put_back_and_compare(terminal: Terminal, configuration: Configuration, file: Path, copy: str | None = None) -> None:
    """Put a backup back, take the rest from a copy, ask whoever may know more; say how it stands."""
    folder = group_folder(configuration.data)
    mark = HighWater(folder / "keys")
    aside = put_back(file, folder, places_beside_record(configuration.data))
    if aside is not None:
        terminal.say(Message("The record that was there lies set aside in {aside}.", aside=aside))
    keeper = open_keeper(folder)
    try:
        if copy is not None:
            found = recounted(terminal, keeper, open_place(copy))
            if len(found.leaves) > keeper.tree.size:
                adopt(keeper, found)
        ask_elsewhere(Site(configuration, keeper=keeper))
        if keeper.frozen is None:
            mark.raise_to(keeper.tree.size, keeper.store.head().note)
        size, waiting, frozen = keeper.tree.size, len(keeper.store.pending()), keeper.frozen is not None
    finally:
        keeper.close()
    terminal.say(Message("The record has {n:,} entries, and {waiting:,} wait.", n=size, waiting=waiting))
    if frozen:
        terminal.say(
            Message(
                "More than that was signed. A server takes entries in and signs nothing until the rest is back:"
                " ruban log adopt, with a bundle or the address of a copy."
            )
        )
    else:
        terminal.say(Message("It is the newest that anybody knows. Start the server."))
    terminal.emit_json({"entries": size, "waiting": waiting, "frozen": frozen, "aside": aside})
