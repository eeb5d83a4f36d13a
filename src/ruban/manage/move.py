"""`ruban move`: take a group to another machine, where its record goes on under the same origin."""

from __future__ import annotations

import os
from pathlib import Path

import click

from ruban.cli.boundary import DOES_NOT_HOLD, HOLDS
from ruban.cli.command import group as command_group
from ruban.cli.places import refuse_to_overwrite
from ruban.cli.terminal import Terminal
from ruban.errors import Message, Refused
from ruban.errors import Message as _
from ruban.manage.backup import put_back_and_compare, write_file
from ruban.manage.folder import data_option, keeper_in, now
from ruban.service.backup import put_keys_back
from ruban.service.move_away import come_home, keys_inside, move_away
from ruban.service.open_group import group_folder
from ruban.store.keys import has_keys
from ruban.store.place import has_record
from ruban.store.posix import make_private_folder
from ruban.web.configuration import load_configuration
from ruban.web.elsewhere import ask_elsewhere, is_served
from ruban.web.private_tables import beside_record
from ruban.web.site import Site


@command_group("move", help=_("Take a group to another machine, where its record goes on under the same name."))
def move() -> None:
    """See the help text above."""


@move.command(
    "out",
    help=_(
        "Write the whole group with its keys to FILE, and end here: nothing is signed or taken in on this machine any"
        " more. Pages go on showing the last count. Whoever has FILE is the group: carry it as you would the keys."
    ),
)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--yes", is_flag=True, help=_("Do not ask."))
@click.option("--force", is_flag=True, help=_("Replace the file if it is there."))
@data_option
@click.pass_obj
def out(terminal: Terminal, file: Path, yes: bool, force: bool, data: Path) -> int:
    refuse_to_overwrite(str(file), force)
    if not yes and not terminal.confirm(
        Message("From now on nobody can sign until the other machine serves the group. Go on?")
    ):
        return DOES_NOT_HOLD
    folder = group_folder(data)
    done = write_file(
        terminal, data, "move", file, lambda keeper: move_away(keeper, folder, file, beside_record(data), now())
    )
    terminal.say(
        Message(
            "{n:,} entries, {waiting:,} that wait, and the keys are in {file}.",
            n=done.entries,
            waiting=done.waiting,
            file=str(file),
        ),
        Message(
            "On the other machine: ruban up DOMAIN --from FILE, or ruban move in FILE. Then let the address lead there."
        ),
        Message("If that never begins: ruban move back."),
    )
    terminal.emit_json({"entries": done.entries, "waiting": done.waiting, "file": str(file)})
    return HOLDS


@move.command(
    "in", help=_("Go on with the group in FILE on this machine, in a folder that has none. Stop the server first.")
)
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@data_option
@click.pass_obj
def into(terminal: Terminal, file: Path, data: Path) -> None:
    configuration = load_configuration(os.environ, data=data)
    folder = group_folder(data)
    if has_record(folder) or has_keys(folder / "keys"):
        raise Refused(
            "folder",
            Message("one without a group"),
            Message("a group's folder"),
            hint=Message("Name an empty folder with --data, or put this one away first."),
        )
    make_private_folder(data)
    put_keys_back(keys_inside(file), folder / "keys")
    put_back_and_compare(terminal, configuration, file)


@move.command(
    "back",
    help=_(
        "Undo a move that no other machine has gone on from: this one signs again. Its address is asked whether that"
        " is so. Stop the server first."
    ),
)
@click.option("--yes", is_flag=True, help=_("Do not ask."))
@data_option
@click.pass_obj
def back(terminal: Terminal, yes: bool, data: Path) -> int:
    configuration = load_configuration(os.environ, data=data)
    if not yes and not terminal.confirm(
        Message("Is it certain that no other machine has served this group, and that none will? Delete FILE there.")
    ):
        return DOES_NOT_HOLD
    with keeper_in(data) as keeper:
        site = Site(configuration, keeper=keeper)
        ask_elsewhere(site)
        # The record is locked here, so that whoever answers under its address is another machine.
        come_home(keeper, group_folder(data), served=is_served(site))
    terminal.say(Message("The group is at home again. Start the server."))
    terminal.emit_json({"moved": False})
    return HOLDS
