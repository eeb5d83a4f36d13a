"""Where a group's data lies, which clock is used, and how its keeper is opened and let go: the composition root."""

from __future__ import annotations

import os
import pwd
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from ruban.cli.boundary import WrongUse
from ruban.errors import Message
from ruban.errors import Message as _
from ruban.manage.host.plan import USER
from ruban.record.kinds import MAX_ORGANISERS
from ruban.record.state import Letter
from ruban.service.keeper import Keeper
from ruban.service.open_group import group_folder, open_keeper

DEFAULT_FOLDER = "ruban-data"


def data_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds `--data DIR` to a command. Root goes on as the folder's user, where `ruban up` has given it one."""
    return click.option(
        "--data",
        "data",
        callback=_as_its_user,
        type=click.Path(path_type=Path, file_okay=False),
        default=DEFAULT_FOLDER,
        envvar="RUBAN_DATA",
        show_default=True,
        help=_("The group's folder (or the environment's RUBAN_DATA)."),
    )(command)


def _as_its_user(context: click.Context, parameter: click.Parameter, folder: Path) -> Path:
    # What root wrote there, the server could not read.
    if os.name == "posix" and os.geteuid() == 0 and folder.is_dir():
        found = folder.stat()
        try:
            user = pwd.getpwuid(found.st_uid)
        except KeyError:
            return folder
        if user.pw_name.startswith(USER):
            os.setgroups([])
            os.setgid(user.pw_gid)
            os.setuid(user.pw_uid)
            os.environ["HOME"] = user.pw_dir
    return folder


def signers_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds `--place N`, repeated, to a command that organisers sign for; `signers` reads it."""
    return click.option(
        "--place",
        "places",
        type=click.IntRange(1, MAX_ORGANISERS),
        multiple=True,
        help=_("Which of the group's organisers sign: 1 is the first; repeat it. All whose keys are here by default."),
    )(command)


def signers(places: tuple[int, ...]) -> list[int] | None:
    """The `by` of a use case: None, which is all of them, where nobody was named."""
    return [place - 1 for place in places] or None


def now() -> int:
    """The time, in Unix seconds."""
    return int(time.time())


@contextmanager
def keeper_in(folder: Path) -> Iterator[Keeper]:
    """The keeper of the group in `folder`, let go at the end."""
    keeper = open_keeper(group_folder(folder))
    try:
        yield keeper
    finally:
        keeper.close()


def chosen_letter(keeper: Keeper, wanted: str | None) -> Letter:
    """The letter whose identifier begins with `wanted`, or the only one not closed; WrongUse if that is not one."""
    letters = list(keeper.state.letters.values())
    if wanted is None:
        found = [letter for letter in letters if not letter.closed]
    else:
        found = [letter for letter in letters if letter.letter_id.hex().startswith(wanted)]
    if len(found) == 1:
        return found[0]
    raise WrongUse(
        Message("{n} letters fit; one is needed.", n=len(found)),
        hint=Message("Name it with --letter; ruban letter list shows them."),
    )
