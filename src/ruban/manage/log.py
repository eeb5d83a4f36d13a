"""`ruban log`: the record itself, and how it comes back from a copy."""

from __future__ import annotations

from pathlib import Path

import click

from ruban.audit.contents import leaves_of, openings_of
from ruban.audit.fetch import Source
from ruban.audit.verify import Demands, audit
from ruban.cli.command import group
from ruban.cli.places import open_place
from ruban.cli.terminal import Terminal
from ruban.errors import Message, Refused
from ruban.errors import Message as _
from ruban.log.checkpoint import open_checkpoint
from ruban.manage.folder import data_option
from ruban.primitives.ed25519 import public_key
from ruban.published import CHECKPOINT, MAX_CHECKPOINT_BYTES, MAX_SETTINGS_BYTES, SETTINGS, parse_settings
from ruban.service.adopt import Copy, adopt
from ruban.service.keeper import Keeper
from ruban.service.open_group import group_folder, open_to_adopt


@group("log", help=_("Bring the record back from a copy."))
def log() -> None:
    """See the help text above."""


@log.command(
    "adopt",
    help=_(
        "Take what is missing here from a copy of the record: a bundle, a folder, or the address of a mirror. All of it"
        " is recounted first, and nothing is signed anew. Stop the server first."
    ),
)
@click.argument("copy")
@data_option
@click.pass_obj
def adopt_copy(terminal: Terminal, copy: str, data: Path) -> None:
    keeper = open_to_adopt(group_folder(data))
    try:
        found = recounted(terminal, keeper, open_place(copy))
        adopted = adopt(keeper, found)
        size = keeper.state.size
    finally:
        keeper.close()
    terminal.say(
        Message("{n:,} entries added; the record has {size:,}", n=adopted.entries, size=size),
        Message("{n:,} wait for the next release", n=adopted.waiting),
    )
    if adopted.rows:
        terminal.say(
            Message(
                "{n:,} people are among them who enrolled with codes that look unused here. The record cannot say who."
                " Before you hand out further codes, ask people whether their device is on the roll already.",
                n=adopted.rows,
            )
        )
    if adopted.frozen:
        terminal.say(
            Message(
                "Somebody knows even more of this record, so nothing is signed yet. Adopt a newer copy: ask whoever has"
                " verified it last."
            )
        )
    terminal.emit_json(
        {
            "added": adopted.entries,
            "entries": size,
            "rows": adopted.rows,
            "waiting": adopted.waiting,
            "frozen": adopted.frozen,
        }
    )


def recounted(terminal: Terminal, keeper: Keeper, source: Source) -> Copy:
    """The copy, of which an auditor finds that it holds; Refused if not, or if texts are left out of it."""
    settings = parse_settings(source.read(SETTINGS, MAX_SETTINGS_BYTES))
    log_key = public_key(keeper.keys.log_seed)
    note = source.read(CHECKPOINT, MAX_CHECKPOINT_BYTES)
    size = open_checkpoint(note, settings.origin, log_key).size
    if settings.openings is not None:
        raise Refused(
            "copy",
            Message("one with the texts of all letters"),
            Message("one of some letters"),
            hint=Message("Ask for the whole record: ruban bundle with the address of the group, or of a mirror."),
        )
    with terminal.progress(Message("Recounting the copy"), size) as bar:
        done = 0

        def counted(what: str, now: int, total: int) -> None:
            nonlocal done
            if what == "recount" and now > done:
                bar.advance(now - done)
                done = now

        verdict = audit(source, Demands(log_key=log_key), counted)[0]
    if not verdict.holds:
        raise Refused(
            "copy",
            Message("one in which a recount finds no fault"),
            Message("{n} faults", n=len(verdict.findings) + verdict.findings_left_out),
            hint=Message("ruban verify says which."),
        )
    return Copy(settings.origin, list(leaves_of(source, size)), note, list(openings_of(source, size)))
