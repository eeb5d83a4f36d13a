"""The member's secret on the command line: from a file, or from 24 words that are typed and not shown."""

from __future__ import annotations

import os
import stat

from ruban.cli.boundary import WrongUse
from ruban.cli.places import read_file
from ruban.cli.terminal import Terminal
from ruban.cli.words import seed_of_words
from ruban.errors import Message, Refused
from ruban.errors import Message as _
from ruban.proof import MemberSecret
from ruban.record.secret_file import MAX_SECRET_FILE_BYTES, parse_secret_file
from ruban.record.state import State

Held = MemberSecret | bytes
"""A secret as it was given; the seed of words belongs to no group yet."""


def ask_secret(terminal: Terminal, path: str | None, words: bool) -> Held:
    """What the file holds, or the seed of the words; WrongUse unless it is one of both."""
    if (path is None) != words:
        raise WrongUse(Message("Your secret comes from --secret FILE or from --words: one of them."))
    if path is None:
        return seed_of_words(terminal.ask_hidden(_("The 24 words:")))
    data = read_file(path, MAX_SECRET_FILE_BYTES)
    if os.name == "posix" and stat.S_IMODE(os.stat(path).st_mode) & (stat.S_IRWXG | stat.S_IRWXO):
        terminal.warn(Message("others on this machine can read {path}; chmod 600 stops that", path=path))
    return parse_secret_file(data)


def secret_of_group(held: Held, state: State) -> MemberSecret:
    """The secret for this record's group; Refused if it is another's."""
    roll = state.opened.roll_id
    if isinstance(held, bytes):
        return MemberSecret.from_seed(roll, held)
    if held.roll_id != roll:
        raise Refused(
            "secret",
            Message("one for this group"),
            Message("one for another"),
            hint=Message("Take the bundle of the group that you enrolled with."),
        )
    return held
