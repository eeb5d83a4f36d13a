"""`ruban bundle`: copy a record, wherever it is, into one zip that anybody can recount offline."""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO

import click

from ruban.audit.bundle import write_bundle
from ruban.cli.command import command
from ruban.cli.letters import pick
from ruban.cli.one_letter import OneLetter, replayed
from ruban.cli.places import open_place, refuse_to_overwrite
from ruban.cli.terminal import Terminal
from ruban.durable import PUBLIC, write_durably
from ruban.errors import Message
from ruban.errors import Message as _


@command(
    "bundle",
    help=_(
        "Copy the record at SOURCE (an address, a folder, a zip, or a server's data folder) into one file. "
        "Nothing is judged: ruban verify does that."
    ),
)
@click.argument("source")
@click.option("--out", required=True, metavar="FILE", help=_("The zip to write."))
@click.option("--letter", metavar="ID", help=_("With the texts and names of this letter only; all are still counted."))
@click.option("--force", is_flag=True, help=_("Replace the file if it is there."))
@click.pass_obj
def bundle(terminal: Terminal, source: str, out: str, letter: str | None, force: bool) -> None:
    """Exit code 0 once the whole file is on the disk."""
    refuse_to_overwrite(out, force)
    place = open_place(source)
    if letter is not None:
        with terminal.progress(_("reading the entries")) as bar:
            state = replayed(place, bar.update)
        place = OneLetter(place, state, pick(list(state.letters), letter))
    entries = 0

    def write(file: BinaryIO) -> None:
        nonlocal entries
        with terminal.progress(_("copying the record")) as bar:
            entries = write_bundle(place, file, bar.update)

    write_durably(Path(out), write, PUBLIC)
    size = os.path.getsize(out)
    terminal.say(
        terminal.ngettext(
            "{n:,} entry written to {path} ({size:,} bytes)",
            "{n:,} entries written to {path} ({size:,} bytes)",
            entries,
            path=out,
            size=size,
        ),
        Message("{command} recounts it.", command=f"ruban verify {out}"),
    )
    terminal.emit_json({"out": out, "entries": entries, "size_bytes": size})
