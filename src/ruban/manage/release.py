"""`ruban release`: what a server does at the end of each window, done by hand."""

from __future__ import annotations

from pathlib import Path

import click

from ruban.cli.command import command
from ruban.cli.terminal import Terminal
from ruban.errors import Message
from ruban.errors import Message as _
from ruban.manage.folder import data_option, keeper_in, now
from ruban.service.release import release as release_now


@command("release", help=_("Put what members sent into the record, as far as it is due, and close letters that ended."))
@data_option
@click.pass_obj
def release(terminal: Terminal, data: Path) -> None:
    with keeper_in(data) as keeper:
        released = release_now(keeper, now())
        size = keeper.state.size
    terminal.say(
        Message("{n:,} entries added; the record has {size:,}", n=released.entries, size=size),
        Message("{n:,} wait for the next release", n=released.held),
    )
    terminal.emit_json(
        {"added": released.entries, "entries": size, "waiting": released.held, "closed": len(released.closed)}
    )
